/** The one way the web speaks to the server: a contract and its input go in, the contract's output or a Refused comes out. */
import { addressOf, type Contract, type InputOf, type OutputOf, pathParameters } from '../../kernel/contract.ts';
import type { Refusal } from '../../kernel/results.ts';
import { POST_HEADER } from '../../platform/contract.ts';

/** The server's "no", with every reason; `status` 0 means that it could not be reached. */
export class Refused extends Error {
  readonly status: number;
  readonly refusals: readonly Refusal[];
  constructor(status: number, refusals: readonly Refusal[]) {
    super(refusals.map((one) => one.reason).join('；'));
    this.status = status;
    this.refusals = refusals;
  }
}

let shownPost: number | undefined;
/** What the header of the page shows; said with every act, so that none is done in another post unnoticed. */
export function actAs(postId: number | undefined): void {
  shownPost = postId;
}

export async function ask<C extends Contract>(
  of: C,
  input: InputOf<C>,
  options: { file?: File; signal?: AbortSignal } = {},
): Promise<OutputOf<C>> {
  const response = await send(of, input, options);
  return (await response.json()) as OutputOf<C>;
}

/** Fetches a workbook or a file and hands it to the browser to keep. */
export async function download<C extends Contract>(of: C, input: InputOf<C>): Promise<void> {
  const response = await send(of, input, {});
  const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = named ? decodeURIComponent(named) : of.label;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function send<C extends Contract>(
  of: C,
  input: InputOf<C>,
  { file, signal }: { file?: File; signal?: AbortSignal },
): Promise<Response> {
  const given = withoutBlanks(input as Record<string, unknown>);
  let response: Response;
  try {
    response = await fetch(addressWith(of, given, file), {
      method: of.method,
      signal: signal ?? null,
      ...withPost(bodyOf(of, given, file)),
    });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new Refused(0, [{ reason: '连不上服务器。请检查网络后重试，已填写的内容还在。' }]);
  }
  if (response.ok) return response;
  throw new Refused(response.status, await refusalsIn(response));
}

/** A request with a file carries its other fields, and the file's name, in the address. */
function addressWith<C extends Contract>(of: C, given: Record<string, unknown>, file: File | undefined): string {
  if (of.body !== 'file') return addressOf(of, given as InputOf<C>);
  return addressOf({ ...of, method: 'GET' }, { name: file?.name, ...given } as InputOf<C>);
}

function bodyOf(of: Contract, given: Record<string, unknown>, file: File | undefined): RequestInit {
  if (of.method === 'GET') return {};
  if (of.body === 'file') return { body: file ?? null, headers: { 'content-type': 'application/octet-stream' } };
  const inPath = pathParameters(of.path);
  const fields = Object.fromEntries(Object.entries(given).filter(([name]) => !inPath.includes(name)));
  return { body: JSON.stringify(fields), headers: { 'content-type': 'application/json' } };
}

function withPost(request: RequestInit): RequestInit {
  if (shownPost === undefined) return request;
  return { ...request, headers: { ...request.headers, [POST_HEADER]: String(shownPost) } };
}

/** An empty field of a form or of an address says nothing; null is an answer and stays. */
function withoutBlanks(input: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined && value !== ''));
}

async function refusalsIn(response: Response): Promise<readonly Refusal[]> {
  try {
    const body = (await response.json()) as { refusals?: Refusal[] };
    if (body.refusals?.length) return body.refusals;
  } catch {
    // Not ours: a proxy in between answered.
  }
  return [{ reason: `服务器没有给出结果（${response.status}），请稍后重试。` }];
}
