import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smsGateway } from '../../tests/sms-gateway.ts';
import { httpSmsProvider, SmsFailed } from './sms.ts';

let gateway: Awaited<ReturnType<typeof smsGateway>>;
beforeAll(async () => {
  gateway = await smsGateway();
});
afterAll(() => gateway?.close());

const failure = (promise: Promise<void>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as SmsFailed,
  );

describe('短信服务', () => {
  it('按模板发出验证码，请求带签名和时间', async () => {
    await httpSmsProvider(gateway.settings).sendCode('15400000001', '012345', 5);
    expect(gateway.sent).toEqual([
      { template: 'SMS_2026', phone: '15400000001', parameters: { code: '012345', minutes: '5' } },
    ]);
  });

  it.each([
    [500, 'broken', '短信服务自身出错，请联系服务方（500）'],
    [503, 'broken', '短信服务自身出错'],
    [400, 'refused', '请检查 SMS_TEMPLATE、SMS_SECRET 和余额（400）'],
    [429, 'refused', '短信服务拒绝了请求'],
    ['nothing', 'timeout', '没有在时限内应答，请检查网络或联系服务方'],
  ] as const)('服务方答 %s：说出是哪一类、怎么办，不说号码', async (answer, kind, sentence) => {
    gateway.answers(answer);
    const error = await failure(httpSmsProvider(gateway.settings, 100).sendCode('15400000002', '111111', 5));
    expect(error).toBeInstanceOf(SmsFailed);
    expect(error).toMatchObject({ kind, message: expect.stringContaining(sentence) });
    expect(JSON.stringify([error!.message, String(error!.cause)])).not.toContain('15400000002');
    gateway.answers(200);
  });

  it('签名的钥匙不对，服务方不收；连不上也说得清', async () => {
    const forged = await failure(
      httpSmsProvider({ ...gateway.settings, secret: 'another' }).sendCode('15400000003', '1', 5),
    );
    expect(forged).toMatchObject({ kind: 'refused' });
    const other = await smsGateway();
    await other.close();
    expect(await failure(httpSmsProvider(other.settings).sendCode('15400000003', '1', 5))).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('请检查 SMS_URL'),
    });
  });
});
