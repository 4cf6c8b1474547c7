// A real provider of OpenID Connect on loopback. Whoever comes is somebody at once: what its own sign-in page looks like is not ours.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface TestProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Whom the next browser is taken for, and how they were recognised. */
  is(subject: string, amr?: string[]): void;
  /** What a browser does at the address: it follows the redirects until they lead back to the client, and answers that address. */
  visit(url: string): Promise<URL>;
  close(): Promise<void>;
}

export async function testProvider(redirectUri: string): Promise<TestProvider> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [clientId, clientSecret] = ['gongzhi', 'a-secret-of-the-test-and-nothing-else'];
  let current: { subject: string; amr: string[] } = { subject: 'nobody', amr: ['pwd'] };
  const provider = new Provider(issuer, {
    clients: [
      { client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri], response_types: ['code'] },
    ],
    claims: { openid: ['sub', 'amr'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['of the test'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    async loadExistingGrant(context: { oidc: { client: { clientId: string }; session: { accountId: string } } }) {
      const { client, session } = context.oidc;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
    pkce: { required: () => true },
    // Said in so many words, for otherwise the library says them for us.
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
  });
  const callback = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url!.startsWith('/interaction/')) return callback(request, response);
    // Remembered for this interaction alone, so that the next browser may be somebody else.
    const login = { accountId: current.subject, amr: current.amr, remember: false };
    void provider.interactionFinished(request, response, { login });
  });

  return {
    issuer,
    clientId,
    clientSecret,
    is(subject, amr = ['pwd']) {
      current = { subject, amr };
    },
    async visit(url) {
      const jar = new Map<string, string>();
      for (let next = new URL(url), steps = 0; steps < 10; steps += 1) {
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
        const reply = await fetch(next, { redirect: 'manual', headers: { cookie } });
        for (const set of reply.headers.getSetCookie()) {
          const [name, value] = set.split(';')[0]!.split('=') as [string, string];
          jar.set(name, value);
        }
        const location = reply.headers.get('location');
        if (!location) throw new Error(`the provider answered ${reply.status}: ${await reply.text()}`);
        next = new URL(location, next);
        if (next.href.startsWith(redirectUri)) return next;
      }
      throw new Error('the provider leads in circles');
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
