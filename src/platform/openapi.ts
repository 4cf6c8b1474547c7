import { z } from 'zod';
import { type Contract, pathParameters } from '../kernel/contract.ts';

type Json = Record<string, unknown>;

/** The description of every route, printed from its contract (OpenAPI 3.1). */
export function openApiOf(contracts: readonly Contract[]): Json {
  const paths: Record<string, Json> = {};
  for (const one of contracts) {
    const path = one.path.replace(/:([A-Za-z][A-Za-z0-9]*)/g, '{$1}');
    paths[path] = { ...paths[path], [one.method.toLowerCase()]: operationOf(one) };
  }
  return {
    openapi: '3.1.0',
    info: { title: '共治 Gongzhi', version: '1', description: '每一项的权限见 x-may；写操作须带本网站的 Origin。' },
    paths,
    components: {
      schemas: {
        Refused: {
          type: 'object',
          required: ['refusals'],
          properties: {
            refusals: {
              type: 'array',
              items: {
                type: 'object',
                required: ['reason'],
                properties: { reason: { type: 'string' }, clause: {}, field: { type: 'string' } },
              },
            },
            request: { type: 'string', description: '报障码' },
          },
        },
      },
    },
  };
}

function operationOf(of: Contract): Json {
  const input = schemaOf(of.input, 'input');
  const properties = (input.properties ?? {}) as Record<string, Json>;
  const required = new Set((input.required ?? []) as string[]);
  const inPath = pathParameters(of.path);
  const inQuery =
    of.method === 'GET' || of.body === 'file' ? Object.keys(properties).filter((name) => !inPath.includes(name)) : [];
  const inBody = Object.keys(properties).filter((name) => !inPath.includes(name) && !inQuery.includes(name));
  const parameters = [
    ...inPath.map((name) => ({ name, in: 'path', required: true, schema: properties[name] ?? {} })),
    ...inQuery.map((name) => ({ name, in: 'query', required: required.has(name), schema: properties[name] ?? {} })),
    ...(of.body === 'file' && !inQuery.includes('name')
      ? [{ name: 'name', in: 'query', required: true, description: '文件名', schema: { type: 'string' } }]
      : []),
  ];
  return {
    summary: of.label,
    'x-may': of.may,
    ...(parameters.length > 0 && { parameters }),
    ...(of.body === 'file' && {
      requestBody: {
        required: true,
        content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
      },
    }),
    ...(of.body === 'json' &&
      of.method === 'POST' && {
        requestBody: {
          required: inBody.some((name) => required.has(name)),
          content: {
            'application/json': {
              schema: {
                type: 'object',
                properties: Object.fromEntries(inBody.map((name) => [name, properties[name]])),
                required: inBody.filter((name) => required.has(name)),
                additionalProperties: false,
              },
            },
          },
        },
      }),
    responses: {
      200: { description: of.label, content: contentOf(of) },
      default: {
        description: '未办成及其原因',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Refused' } } },
      },
    },
  };
}

function contentOf(of: Contract): Json {
  if (of.output === 'workbook') {
    return {
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': {
        schema: { type: 'string', format: 'binary' },
      },
    };
  }
  if (of.output === 'file') return { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
  return { 'application/json': { schema: schemaOf(of.output, 'output') } };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }) as Json;
  return rest;
}
