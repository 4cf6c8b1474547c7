/**
 * JSON Schemas of the files in policy/, made from the same closed sets the reader uses, so that an editor can complete and
 * underline. The reader stays the judge: it knows dates, examples, clauses and the packs above.
 */
import { ANSWER_KINDS, CLAUSE_FORCES } from './clause.ts';
import { type Attribute, attributesOf, COMPARISONS, SUBJECTS, type Subject } from './conditions.ts';
import { GROUPS, LEVELS, MEASURES, ORGANISATION_KINDS, RECIPIENTS } from './pack.ts';
import { CONFIDENCES, FORCES, RANKS, RHYTHM_LABELS, STATUSES } from './parameter.ts';
import { EVENTS } from './recurrence.ts';

export type Schema = { readonly [field: string]: unknown };

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

const closed = (properties: Schema, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const list = (items: Schema): Schema => ({ type: 'array', items, minItems: 1 });
/** One of the codes, each with its Chinese label as an explanation. */
const code = (labels: Readonly<Record<string, string>>): Schema => ({
  enum: Object.keys(labels),
  description: Object.entries(labels)
    .map(([name, label]) => `${name} ${label}`)
    .join('；'),
});
const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });
const one = (value: unknown): Schema => ({ const: value });
/** YAML in an editor reads 2024 as a number and true as a truth value. */
const text: Schema = { type: ['string', 'number', 'boolean'] };
const day: Schema = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' };
const positive: Schema = { type: 'integer', minimum: 1 };
const whole: Schema = { type: 'integer', minimum: 0 };
const fraction: Schema = { anyOf: [whole, { type: 'string', pattern: '^\\d+(/\\d+|(\\.\\d+)?%)$' }] };

const bounds = (number: Schema): Schema => Object.fromEntries(Object.keys(COMPARISONS).map((name) => [name, number]));
const limits = (number: Schema): Schema => ({ ...closed(bounds(number)), minProperties: 1 });
const limit = (number: Schema): Schema => ({ ...limits(number), maxProperties: 1 });

const source: Schema = {
  oneOf: [
    closed({ clause: text }, ['clause']),
    closed({ clauses: list(text) }, ['clauses']),
    closed({ text, article: text }, ['text', 'article']),
  ],
};

const numbersOf = (subjects: readonly Subject[]): string[] => [
  ...new Set(
    subjects.flatMap((subject) =>
      Object.entries(attributesOf(subject)).flatMap(([name, { type }]) => (type === 'number' ? [name] : [])),
    ),
  ),
];
const share = (numbers: readonly string[]): Schema =>
  closed({ of: { enum: numbers }, in: { enum: numbers }, ...bounds(fraction) }, ['of', 'in']);

const subjects = Object.keys(SUBJECTS) as Subject[];

/** A value: exactly one of the shapes. */
const value: Schema = {
  oneOf: [
    limits(fraction),
    ...Object.entries({
      count: limits(whole),
      share: share(numbersOf(subjects)),
      any: list(ref('value')),
      all: list(ref('value')),
      odd: one(true),
      days: positive,
      workingDays: positive,
      months: positive,
      years: positive,
      hours: positive,
      minutes: positive,
      every: code(RHYTHM_LABELS),
      fen: limits(whole),
      one: list(text),
      text,
      yes: { type: 'boolean' },
    }).map(([name, inner]) => closed({ [name]: inner }, [name])),
  ],
};

const due: Schema = {
  oneOf: [
    closed({ on: day, roll: { type: 'boolean' } }, ['on']),
    closed(
      {
        after: code(Object.fromEntries(Object.entries(EVENTS).map(([name, { label }]) => [name, label]))),
        days: positive,
        workingDays: positive,
        months: positive,
        roll: { type: 'boolean' },
      },
      ['after'],
    ),
    closed(
      {
        every: code(RHYTHM_LABELS),
        month: { type: 'integer', minimum: 1, maximum: 12 },
        day: { type: 'integer', minimum: 1, maximum: 31 },
        covers: one('same'),
        roll: { type: 'boolean' },
      },
      ['every'],
    ),
  ],
};

function condition(subject: Subject): Schema {
  const again = ref(subject);
  const asked: Record<Attribute['type'], Schema> = {
    boolean: { type: 'boolean' },
    number: ref('wholeLimit'),
    date: ref('dayBound'),
  };
  const attributes = Object.entries(attributesOf(subject)).map(([name, { type, label }]) => [
    name,
    { ...asked[type], description: label },
  ]);
  const numbers = numbersOf([subject]);
  const counted = numbers.length > 0 ? { odd: { enum: numbers }, share: share(numbers) } : {};
  return {
    ...closed({ ...Object.fromEntries(attributes), any: list(again), all: list(again), filed: text, ...counted }),
    minProperties: 1,
  };
}

/** What many entries share, said once. */
const shared: Schema = {
  force: code(FORCES),
  rank: code(RANKS),
  confidence: code(CONFIDENCES),
  group: code(GROUPS),
  source,
  value,
  due,
  organisation: code(ORGANISATION_KINDS),
  recipient: code(RECIPIENTS),
  wholeLimit: limit(whole),
  dayBound: { oneOf: [closed({ since: day }, ['since']), closed({ before: day }, ['before'])] },
  target: { anyOf: [limit(fraction), closed({ watch: one(true) }, ['watch'])] },
  examples: list(closed({ given: { type: 'object', additionalProperties: text }, on: day, expect: text }, ['expect'])),
};

const common: Schema = {
  label: text,
  force: ref('force'),
  rank: ref('rank'),
  source: ref('source'),
  confidence: ref('confidence'),
  checked: day,
  note: text,
  assumption: text,
  allows: one('lower'),
  narrows: text,
  conflictsWith: text,
  examples: ref('examples'),
  group: ref('group'),
};

const parameter = closed(
  {
    ...common,
    values: {
      type: 'object',
      minProperties: 1,
      patternProperties: {
        '^\\d{4}-\\d{2}-\\d{2}$': closed({ is: ref('value'), source: ref('source'), to: day }, ['is']),
      },
      additionalProperties: false,
    },
  },
  ['label', 'force', 'values'],
);

const duty = (subject: Subject): Schema =>
  closed(
    {
      ...common,
      over: { const: subject, description: SUBJECTS[subject].label },
      where: ref(subject),
      bearer: ref('organisation'),
      guides: list(ref('organisation')),
      supporting: list(ref('organisation')),
      owedTo: list(ref('recipient')),
      due: ref('due'),
      warnDays: whole,
      escalations: list(closed({ after: positive, to: ref('organisation') }, ['after', 'to'])),
      metBy: one('filings.filed'),
    },
    ['label', 'force', 'group', 'source', 'over', 'bearer', 'due', 'metBy'],
  );

const indicatorFields = { ...common, target: ref('target'), by: day, standing: one(true), campaign: text };
const indicatorNeeds = ['label', 'force', 'group', 'source', 'over', 'target'];

const indicator = (subject: Subject): Schema =>
  closed(
    {
      ...indicatorFields,
      over: { const: subject, description: SUBJECTS[subject].label },
      where: ref(subject),
      counts: ref(subject),
      measure: code(MEASURES),
    },
    [...indicatorNeeds, 'counts'],
  );
const punctuality = closed({ ...indicatorFields, over: one('duties'), of: text }, [...indicatorNeeds, 'of']);

/** Schemas by the name of their file in policy/schema/. */
export function policySchemas(): Readonly<Record<'pack' | 'topic' | 'clauses' | 'calendar', Schema>> {
  return {
    pack: {
      $schema: DIALECT,
      title: 'pack.yaml',
      ...closed(
        {
          id: { type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' },
          label: text,
          level: code(LEVELS),
          under: text,
          status: code(STATUSES),
          rank: code(RANKS),
          from: day,
          to: day,
          text,
          document: closed({ number: text, title: text, issuedOn: day, issuers: list(text), note: text }, ['title']),
        },
        ['id', 'label', 'level', 'status', 'rank', 'from', 'document'],
      ),
    },
    topic: {
      $schema: DIALECT,
      title: 'topic file of a pack',
      type: 'object',
      patternProperties: { '^[a-z][A-Za-z0-9]*(\\.[a-z][A-Za-z0-9]*)+$': ref('entry') },
      additionalProperties: false,
      $defs: {
        entry: { oneOf: [parameter, ...subjects.flatMap((name) => [duty(name), indicator(name)]), punctuality] },
        ...shared,
        ...Object.fromEntries(subjects.map((name) => [name, condition(name)])),
      },
    },
    clauses: {
      $schema: DIALECT,
      title: 'clauses of a text',
      ...closed(
        {
          text,
          number: text,
          title: text,
          status: code(STATUSES),
          clauses: { type: 'object', additionalProperties: clause },
        },
        ['text', 'number', 'title', 'status', 'clauses'],
      ),
    },
    calendar: {
      $schema: DIALECT,
      title: 'rest days of a year',
      ...closed(
        {
          year: { type: 'integer' },
          notice: text,
          rest: { type: 'array', items: day },
          work: { type: 'array', items: day },
        },
        ['year', 'rest', 'work'],
      ),
    },
  };
}

const clause: Schema = closed(
  {
    section: text,
    demand: text,
    force: code(CLAUSE_FORCES),
    kind: text,
    mechanism: text,
    capability: text,
    actors: { type: 'array', items: text },
    answer: closed({ kind: code(ANSWER_KINDS), key: text, keys: list(text), room: text }, ['kind']),
  },
  ['section', 'demand', 'force', 'kind', 'mechanism', 'capability', 'answer'],
);
