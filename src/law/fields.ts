/** Small readers for the fields of a policy file. Each reports what is wrong in place and goes on. */
import { isLocalDate, type LocalDate } from '../kernel/local-date.ts';
import type { Path, Plain, ReadYaml, Report } from './yaml.ts';

export type Mapping = { [field: string]: Plain };

export function mapping(yaml: ReadYaml, fields: readonly string[]): Mapping | null {
  if (yaml.problems.length > 0) return null;
  if (!isMapping(yaml.value)) {
    yaml.report([], '文件应为若干“字段: 值”');
    return null;
  }
  unknownFields(yaml.value, fields, [], yaml.report);
  return yaml.value;
}

export function unknownFields(value: Mapping, known: readonly string[], path: Path, report: Report, of = ''): void {
  for (const field of Object.keys(value)) {
    if (!known.includes(field)) report([...path, field], `${of}不认识的字段 ${field}；可用：${known.join('、')}`);
  }
}

export function required(value: Mapping, field: string, path: Path, report: Report): string | null {
  if (!Object.hasOwn(value, field)) {
    report(path, `缺少 ${field}`);
    return null;
  }
  return optional(value, field, path, report);
}

export function optional(value: Mapping, field: string, path: Path, report: Report): string | null {
  const text = Object.hasOwn(value, field) ? value[field] : undefined;
  if (text === undefined) return null;
  if (typeof text === 'string' && text !== '') return text;
  report([...path, field], `${field} 应为文字，不能为空`);
  return null;
}

export function date(
  value: Mapping,
  field: string,
  path: Path,
  report: Report,
  { required: needed = false }: { required?: boolean } = {},
): LocalDate | null {
  const text = needed ? required(value, field, path, report) : optional(value, field, path, report);
  if (text === null || isLocalDate(text)) return text;
  report([...path, field], `${field} 的“${text}”不是日期（应如 2024-03-18）`);
  return null;
}

export function choice<Code extends string>(
  value: Mapping,
  field: string,
  codes: Readonly<Record<Code, string>>,
  path: Path,
  report: Report,
): Code | null {
  const text = required(value, field, path, report);
  if (text === null) return null;
  if (Object.hasOwn(codes, text)) return text as Code;
  report([...path, field], `${field} 不认识 ${text}；可用：${Object.keys(codes).join('、')}`);
  return null;
}

export function choices<Code extends string>(
  value: Mapping,
  field: string,
  codes: Readonly<Record<Code, string>>,
  path: Path,
  report: Report,
): Code[] {
  return texts(value, field, path, report).flatMap((text, at): Code[] => {
    if (Object.hasOwn(codes, text)) return [text as Code];
    report([...path, field, at], `${field} 不认识 ${text}；可用：${Object.keys(codes).join('、')}`);
    return [];
  });
}

export function texts(value: Mapping, field: string, path: Path, report: Report): string[] {
  const list = Object.hasOwn(value, field) ? value[field] : undefined;
  if (list === undefined) return [];
  if (!Array.isArray(list) || !list.every((one) => typeof one === 'string' && one !== '')) {
    report([...path, field], `${field} 应为列表，如 [甲, 乙]`);
    return [];
  }
  return list.filter((one) => typeof one === 'string');
}

export function isMapping(value: Plain | undefined): value is Mapping {
  return typeof value === 'object' && !Array.isArray(value);
}
