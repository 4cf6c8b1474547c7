// A gateway of short messages on loopback: it keeps what it is sent and answers as it is told.

import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Sent {
  template: string;
  phone: string;
  parameters: { code: string; minutes: string };
}

export async function smsGateway(secret = 'shared-with-the-gateway') {
  const sent: Sent[] = [];
  let answer: number | 'nothing' = 200;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (answer === 'nothing') return; // the caller must lose patience
      const body = Buffer.concat(parts).toString('utf8');
      const { 'x-gongzhi-timestamp': at, 'x-gongzhi-signature': signature } = request.headers;
      const right = createHmac('sha256', secret).update(`${at}\n${body}`, 'utf8').digest('hex');
      const status = signature === right ? answer : 403;
      if (status === 200) sent.push(JSON.parse(body));
      response.writeHead(status).end(`{"to":${body}}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    settings: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`, template: 'SMS_2026', secret },
    sent,
    answers: (next: number | 'nothing') => {
      answer = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
