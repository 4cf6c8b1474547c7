import { describe, expect, it } from 'vitest';
import { readYaml } from './yaml.ts';

const yaml = (text: string) => readYaml({ path: 'a.yaml', text });

describe('政策文件的读取', () => {
  it('一切标量都是文字', () => {
    expect(yaml('a: 2/3\nb: 2024-03-18\nc: true\nd: 007\ne: [1, null]\nf:\n').value).toEqual({
      a: '2/3',
      b: '2024-03-18',
      c: 'true',
      d: '007',
      e: ['1', 'null'],
      f: '',
    });
  });

  it.each([
    ['a: 1\nb: 2\na: 3\n', 3, '重复的键'],
    ['a: 1\nb: {x: 1\n', 3, ''],
    ['a: *b\n', 1, '别名'],
    ['a: &x [1]\nb: *x\n', 2, '别名'],
    ['a: 1\n---\nb: 2\n', 2, '一份文档'],
    [`a: ${'['.repeat(5_000)}${']'.repeat(5_000)}`, 1, '嵌套过深'],
    [`a: ${'['.repeat(32)}x${']'.repeat(32)}`, 1, '嵌套过深'],
  ])('坏文件指出行号（%#）', (text, line, message) => {
    expect(yaml(text).problems).toContainEqual({ file: 'a.yaml', line, message: expect.stringContaining(message) });
  });

  it('按路径找到行号，找不到的部分落在最近的上层', () => {
    const { lineOf } = yaml('# 注\na:\n  b:\n    - x\n    - { c: 1 }\nd: 2\n');
    expect([
      lineOf(['a']),
      lineOf(['a', 'b', 0]),
      lineOf(['a', 'b', 1, 'c']),
      lineOf(['d', 'e']),
      lineOf(['z']),
    ]).toEqual([2, 4, 5, 6, 2]);
  });

  it('同一文件的格式错误只列最前面的几处', () => {
    expect(yaml('[['.repeat(2_000)).problems).toHaveLength(10);
    expect(yaml(`a: ${'['.repeat(28)}x${']'.repeat(28)}`).problems).toEqual([]);
  });

  it('键名 __proto__ 只是一个键', () => {
    const { value } = yaml('__proto__: { polluted: yes }\n');
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
