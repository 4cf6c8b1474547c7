// A passkey device in thirty lines, as far as WebAuthn needs one: it makes a key for a site and signs challenges. Tests bend what it says.

import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest();
const base64url = (data: Uint8Array | string) => Buffer.from(data).toString('base64url');

export interface Bent {
  origin?: string;
  rpID?: string;
  challenge?: string;
  /** 1 present, 4 verified. */
  flags?: number;
  counter?: number;
}

export function softAuthenticator(site: { rpID: string; origin: string }) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const credential = randomBytes(16);
  let counter = 0;

  const clientData = (type: string, challenge: string, bent: Bent) =>
    JSON.stringify({
      type,
      challenge: bent.challenge ?? challenge,
      origin: bent.origin ?? site.origin,
      crossOrigin: false,
    });
  const head = (flags: number, bent: Bent) => {
    const count = Buffer.alloc(4);
    counter += 1;
    count.writeUInt32BE(bent.counter ?? counter);
    return Buffer.concat([sha256(bent.rpID ?? site.rpID), Buffer.from([flags]), count]);
  };

  return {
    credential: base64url(credential),
    make({ challenge }: { challenge: string }, bent: Bent = {}) {
      // COSE: an EC2 key for ES256 on P-256.
      const key = Buffer.concat([
        Buffer.from('a5010203262001215820', 'hex'),
        Buffer.from(x!, 'base64url'),
        Buffer.from('225820', 'hex'),
        Buffer.from(y!, 'base64url'),
      ]);
      const data = Buffer.concat([
        head((bent.flags ?? 5) | 0x40, bent),
        Buffer.alloc(16),
        Buffer.from([0, credential.length]),
        credential,
        key,
      ]);
      const attestation = Buffer.concat([
        Buffer.from('a3', 'hex'),
        Buffer.from('63666d74646e6f6e65', 'hex'), // fmt: none
        Buffer.from('6761747453746d74a0', 'hex'), // attStmt: {}
        Buffer.from('686175746844617461', 'hex'), // authData:
        Buffer.from([0x58, data.length]),
        data,
      ]);
      return {
        id: base64url(credential),
        rawId: base64url(credential),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(clientData('webauthn.create', challenge, bent)),
          attestationObject: base64url(attestation),
          transports: ['internal'],
        },
      };
    },
    sign({ challenge }: { challenge: string }, bent: Bent = {}) {
      const data = head(bent.flags ?? 5, bent);
      const client = clientData('webauthn.get', challenge, bent);
      const signature = createSign('sha256')
        .update(Buffer.concat([data, sha256(client)]))
        .sign(privateKey);
      return {
        id: base64url(credential),
        rawId: base64url(credential),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(client),
          authenticatorData: base64url(data),
          signature: base64url(signature),
        },
      };
    },
  };
}
