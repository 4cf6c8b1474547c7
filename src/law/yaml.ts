/**
 * Policy files as plain values that remember their lines. The failsafe schema makes every scalar text: `2/3` and
 * `2024-03-18` stay what was written until a typed reader meets them.
 */
import { isAlias, isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml';

export interface PolicyFile {
  readonly path: string;
  readonly text: string;
}

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly clause?: string;
}

export type Plain = string | Plain[] | { [field: string]: Plain };
export type Path = readonly (string | number)[];
export type Report = (path: Path, message: string, clause?: string) => void;

export interface ReadYaml {
  readonly value: Plain;
  /** Filled by the parser and by `report`. */
  readonly problems: Problem[];
  readonly report: Report;
  readonly lineOf: (path: Path) => number;
}

export function readYaml(file: PolicyFile): ReadYaml {
  const lines = new LineCounter();
  const document = parseDocument(file.text, {
    schema: 'failsafe',
    lineCounter: lines,
    prettyErrors: false,
    merge: false,
  });
  const { contents } = document;
  // One slip often breaks every line after it: the first faults are the ones worth reading.
  const problems: Problem[] = [...document.errors, ...document.warnings].slice(0, 10).map((error) => ({
    file: file.path,
    line: lines.linePos(error.pos[0]).line,
    message: YAML_ERRORS[error.code] ?? `不是合法的 YAML（${error.code}）`,
  }));
  const fault = (node: Node, message: string): '' => {
    problems.push({ file: file.path, line: lines.linePos(node.range?.[0] ?? 0).line, message });
    return '';
  };
  const value = problems.length > 0 ? {} : plainOf(contents, 0, fault);
  const lineOf = (path: Path) => {
    const offset = offsetOf(contents, path);
    return offset === null ? 1 : lines.linePos(offset).line;
  };
  return {
    value,
    problems,
    lineOf,
    report: (path, message, clause) => {
      problems.push({ file: file.path, line: lineOf(path), message, ...(clause === undefined ? {} : { clause }) });
    },
  };
}

const YAML_ERRORS: Record<string, string> = {
  DUPLICATE_KEY: '同一层中有重复的键',
  BAD_INDENT: '缩进不对',
  TAB_AS_INDENT: '缩进用了制表符，请改用空格',
  MULTIPLE_DOCS: '一个文件只能有一份文档（去掉 ---）',
  MISSING_CHAR: '缺少引号、括号或冒号',
  BAD_ALIAS: '不能使用别名',
  UNEXPECTED_TOKEN: '此处多出了内容，或缺少分隔',
  MULTILINE_IMPLICIT_KEY: '键不能跨行（可能漏写了冒号）',
  BLOCK_AS_IMPLICIT_KEY: '此处不应再嵌套“键: 值”（值中含冒号时请加引号）',
  TAG_RESOLVE_FAILED: '不能使用类型标签',
  RESOURCE_EXHAUSTION: '嵌套过深',
};

/** Text, lists and mappings. No aliases: a policy is read by people, line by line. */
function plainOf(node: Node | null, depth: number, fault: (node: Node, message: string) => ''): Plain {
  if (isScalar(node)) return typeof node.value === 'string' ? node.value : '';
  if (isAlias(node)) return fault(node, '不能使用别名，请把内容写全');
  if (node === null || !('items' in node)) return '';
  if (depth > MAX_DEPTH) return fault(node, '嵌套过深');
  if (!isMap(node)) return node.items.map((item) => plainOf(isNode(item) ? item : null, depth + 1, fault));
  const entries = node.items.map(({ key, value }): [string, Plain] => [
    isScalar(key) ? String(key.value ?? '') : '',
    plainOf(isNode(value) ? value : null, depth + 1, fault),
  ]);
  return Object.fromEntries(entries);
}

const MAX_DEPTH = 30;

/** Where the deepest existing part of a path begins; for a field, its key. */
function offsetOf(root: Node | null, path: Path): number | null {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? null;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
      if (!isPair(pair)) break;
      if (isNode(pair.key) && pair.key.range) offset = pair.key.range[0];
      node = pair.value;
    } else if (isNode(node) && 'items' in node && typeof step === 'number') {
      const item = node.items[step];
      if (!isNode(item)) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset;
}

/** By file and line, as a person mends them. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}
