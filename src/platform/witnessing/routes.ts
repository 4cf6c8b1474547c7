import { notFound, type Route, refuse, route } from '../http.ts';
import { takeCosignature } from './commands.ts';
import { cosignCheckpoint, listRecoveries, proveConsistency, readCheckpoint } from './contract.ts';
import { findCheckpoint, findStatements } from './store.ts';
import { consistencyProof, treeSize } from './tree.ts';

export const routes: Route[] = [
  route(readCheckpoint, async ({ system, atTheDoor }) => {
    const found = await atTheDoor(findCheckpoint);
    if (!found)
      return notFound('还没有检查点。启动之后一两分钟内封存第一个，请稍后再试；一直没有的，请看后台任务是否在运行');
    return {
      origin: system.signer.name,
      publicKey: system.signer.publicKey.toString('base64'),
      size: found.size,
      root: found.root.toString('base64'),
      note: found.note,
      sealedAt: found.sealedAt.toISOString(),
    };
  }),
  route(proveConsistency, ({ input: { first, second }, atTheDoor }) =>
    atTheDoor(async (tx) => {
      if (first > second || second > (await treeSize(tx))) return notFound('没有这样大小的检查点');
      return { proof: (await consistencyProof(tx, first, second)).map((hash) => hash.toString('base64')) };
    }),
  ),
  route(cosignCheckpoint, ({ input, system, now, atTheDoor }) =>
    atTheDoor(
      async (tx) =>
        (await takeCosignature(tx, input.note, { origin: system.signer.name, now })) ??
        refuse({ reason: '不是本系统的检查点，或没有在册见证方此刻的会签' }),
    ),
  ),
  route(listRecoveries, async ({ atTheDoor }) => ({ notes: await atTheDoor(findStatements) })),
];
