// A server over a test district, asked as a browser would ask: with the cookie of whoever signed in.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { type Clock, fixedClock } from '../src/platform/clock.ts';
import { openFileStore } from '../src/platform/files.ts';
import { buildServer, type Route } from '../src/platform/http.ts';
import { jobs } from '../src/platform/jobs.ts';
import { keysFrom } from '../src/platform/keys.ts';
import type { System } from '../src/platform/system.ts';
import { resolvePerson } from '../src/registers/people/index.ts';
import { type District, today } from './district.ts';

const publicUrl = 'http://127.0.0.1:8080';

export interface Site {
  folder: string;
  system: System;
  server: FastifyInstance;
  /** Gives the cookie of the session. */
  signIn(name: string, password: string): Promise<string>;
  get(url: string, cookie?: string): Promise<LightMyRequestResponse>;
  post(url: string, payload: object, cookie?: string): Promise<LightMyRequestResponse>;
  upload(url: string, bytes: Buffer, cookie: string): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

export async function testSite(
  district: District,
  routes: readonly Route[],
  clock: Clock = fixedClock(today),
): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'gongzhi-site-'));
  const system: System = {
    database: district.database,
    clock,
    files: openFileStore({ folder, keys: keysFrom(Buffer.alloc(32, 7)) }),
    sealing: district.sealing,
    signer: district.signer,
    jobs,
    demo: true,
    publicUrl,
  };
  const server = await buildServer({ system, routes, resolvePerson });
  const with_ = (cookie?: string) => ({ origin: publicUrl, ...(cookie && { cookie }) });
  const site: Site = {
    folder,
    system,
    server,
    async signIn(name, password) {
      const reply = await site.post('/api/sign-in', { name, password });
      if (reply.statusCode !== 200) throw new Error(reply.body);
      return String(reply.headers['set-cookie']).split(';')[0]!;
    },
    get: async (url, cookie) => server.inject({ method: 'GET', url, headers: with_(cookie) }),
    post: async (url, payload, cookie) => server.inject({ method: 'POST', url, payload, headers: with_(cookie) }),
    upload: async (url, bytes, cookie) =>
      server.inject({
        method: 'POST',
        url,
        payload: bytes,
        headers: { ...with_(cookie), 'content-type': 'application/octet-stream' },
      }),
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return site;
}
