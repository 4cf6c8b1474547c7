/**
 * How a route is declared. The contract is the source: the server checks input and output by it, the web calls by it,
 * and /openapi.json is printed from it. This is the only file of the kernel that knows zod.
 */
import { z } from 'zod';

/** Who may call at all. What a caller then sees is decided by the scope of the post they act in. */
export type Standing =
  | 'anyone'
  | 'signed-in'
  | 'office'
  | 'body'
  | 'resident'
  /** The three administrators, no two of them one person: of the system, of security, of audit. */
  | 'system'
  | 'security'
  | 'audit';

export interface ContractSpec<Input extends z.ZodObject, Output extends z.ZodType | 'workbook' | 'file'> {
  readonly method: 'GET' | 'POST';
  /** Path parameters (`:id`) are fields of the input. */
  readonly path: `/${string}`;
  readonly label: string;
  readonly may: readonly [Standing, ...Standing[]];
  readonly input: Input;
  readonly output: Output;
  /** 'file': the request carries a file beside the input fields. */
  readonly body?: 'json' | 'file';
  /** Always too long to wait for: the worker writes it, and it is fetched in the export centre. */
  readonly later?: true;
}

export interface Contract<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodType | 'workbook' | 'file' = z.ZodType | 'workbook' | 'file',
> extends ContractSpec<Input, Output> {
  readonly body: 'json' | 'file';
}

/** What the caller sends. */
export type InputOf<C extends { input: z.ZodType }> = z.input<C['input']>;

/** What the handler receives: checked, with defaults filled in. */
export type ReadInputOf<C extends { input: z.ZodType }> = z.output<C['input']>;

/** What the handler gives and the caller receives; a workbook or file is a named stream of bytes on the server side. */
export type OutputOf<C extends { output: z.ZodType | 'workbook' | 'file' }> = C['output'] extends z.ZodType
  ? z.output<C['output']>
  : FileOutput;

export interface FileOutput {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array | AsyncIterable<Uint8Array>;
}

export function contract<Input extends z.ZodObject, Output extends z.ZodType | 'workbook' | 'file'>(
  spec: ContractSpec<Input, Output>,
): Contract<Input, Output> {
  for (const name of pathParameters(spec.path)) {
    if (!(name in spec.input.shape))
      throw new TypeError(`${spec.path}: path parameter ${name} is no field of the input`);
  }
  if (spec.body === 'file' && spec.method === 'GET') throw new TypeError(`${spec.path}: a GET carries no file`);
  return { ...spec, input: isListExport(spec) ? withColumns(spec.input) : spec.input, body: spec.body ?? 'json' };
}

/** The export of a list: it can be asked for some of its columns. */
export function isListExport({ method, path, output }: ContractSpec<z.ZodObject, z.ZodType | 'workbook' | 'file'>) {
  return method === 'GET' && output === 'workbook' && path.endsWith('/export');
}

/** The titles of the list's columns that are wanted, in their order (an address holds no more); without it all. The handler need not look: `exportOf` does. */
function withColumns<Input extends z.ZodObject>(input: Input): Input {
  return input.extend({ columns: z.string().max(800).optional() }) as unknown as Input;
}

/** Several titles as one field of an address. */
export const joinTitles = (titles: readonly string[]) => titles.join('|');
export const splitTitles = (text: string) => text.split('|');

export function pathParameters(path: string): string[] {
  return [...path.matchAll(/:([A-Za-z][A-Za-z0-9]*)/g)].map((match) => match[1] ?? '');
}

/** The address of a call: path parameters filled in and, for GET, the other fields as a query. */
export function addressOf<C extends Contract>(of: C, input: InputOf<C>): string {
  const fields: Record<string, unknown> = { ...(input as Record<string, unknown>) };
  const path = of.path.replace(/:([A-Za-z][A-Za-z0-9]*)/g, (_, name: string) => {
    const value = fields[name];
    if (value === undefined || value === null || value === '') throw new TypeError(`${of.path}: no ${name}`);
    delete fields[name];
    return encodeURIComponent(String(value));
  });
  if (of.method !== 'GET') return path;
  const query = Object.entries(fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => one !== undefined && one !== null)
      .map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(String(one))}`),
  );
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/** Fields of the input of a list: `z.object({ ...pageFields, search: … })`. Queries arrive as text, hence the coercion. */
export const pageFields = {
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(50),
};

/** The output of a list: one page and the total of all. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({
    rows: z.array(item),
    offset: z.number().int().min(0),
    limit: z.number().int().min(1),
    total: z.number().int().min(0),
  });
}
