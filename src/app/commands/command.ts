import type { ParseArgsConfig } from 'node:util';

/** A command of bin/gongzhi: what it is for, how it is called, and what it answers as data and as text. */
export interface Command {
  summary: string;
  usage: string;
  options?: NonNullable<ParseArgsConfig['options']>;
  run(asked: { positionals: string[]; options: Record<string, string | undefined> }): Promise<Answer>;
}

export interface Answer {
  /** What --json prints. */
  data: unknown;
  /** What a person reads. */
  text: string;
  /** The question was answered, and the answer is bad news: exit code 1. */
  failed?: boolean;
}

/** What was asked cannot be done as it was asked; the message says what to do. */
export class CommandError extends Error {}
