import { Button, QRCode } from 'antd';
import { useParams } from 'react-router';
import type { OutputOf } from '../../../kernel/contract.ts';
import { committeeKinds, estateKinds, serviceModes, showEstate } from '../../../registers/estates/contract.ts';
import { Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { unanswered, useTitle } from '../../shared/page.tsx';
import { useMe } from '../../shared/session.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { count, squareMetres } from '../../shared/words.tsx';
import '../sheets.css';

type Estate = OutputOf<typeof showEstate>;

/** What an estate is and who looks after it, for its wall: A4, read from two steps away; what is not known is said to be so. */
export function Component() {
  const id = Number(useParams().id);
  const query = useAsk(showEstate, { id });
  useTitle('信息公示牌', query.data?.name ?? unanswered(query));
  return (
    <>
      <div className="sheet-actions no-print">
        {query.data && (
          <Button type="primary" onClick={() => window.print()}>
            打印这张公示牌
          </Button>
        )}
        <Go to={`/estates/${id}`}>回到小区</Go>
      </div>
      {query.data ? (
        <Board of={query.data} />
      ) : (
        <>
          <h1>信息公示牌</h1>
          <Shown query={query} what="小区">
            {() => null}
          </Shown>
        </>
      )}
    </>
  );
}

const known = (text: string | null) => text ?? '待补';

function Board({ of }: { of: Estate }) {
  const { deployment } = useMe();
  // Writing works from the public address only, so it is the one the page was opened at.
  const wrong = `${window.location.origin}/console/corrections/new?subject=estate:${of.id}`;
  const lines: [string, string][] = [
    ['地址', known(of.address)],
    ['所在社区', [of.subdistrictName, of.communityName].filter(Boolean).join(' ')],
    ['类型', known(of.kind && estateKinds[of.kind])],
    ['户数', of.households === null ? '待补' : `${count(of.households)} 户`],
    ['楼栋', of.buildingCount === null ? '待补' : `${count(of.buildingCount)} 栋`],
    ['建筑面积', of.floorAreaCentiM2 === null ? '待补' : `${squareMetres(of.floorAreaCentiM2)} 平方米`],
    ['建成', of.completedYear === null ? '待补' : `${of.completedYear} 年`],
    ...served(of),
    ...organised(of),
  ];
  return (
    <article className="paper" aria-label="信息公示牌">
      <header>
        <h1>{of.name}信息公示牌</h1>
      </header>
      <dl className="board-facts">
        {lines.map(([label, text], at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a board do not move
          <div key={at}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <div className="paper-foot">
        <QRCode
          className="paper-code"
          type="svg"
          value={wrong}
          size={112}
          bordered={false}
          aria-label="二维码，写得不对的从这里说"
        />
        <p>
          写得不对？业主登录以后扫码说，也可以到社区当面说。
          <br />
          底册 {deployment.today} 的内容；“待补”是还不知道。{deployment.mode === 'demo' && '　演示数据'}
        </p>
      </div>
    </article>
  );
}

/** Who serves it today. */
function served({ projects, served }: Estate): [string, string][] {
  const now = projects.filter((one) => one.inForce);
  if (now.length === 0) return [['物业服务', served === false ? '没有' : '待补']];
  return now.flatMap((one): [string, string][] => [
    ['物业服务', one.companyName ?? serviceModes[one.mode]],
    ['项目负责人', known(one.managerName)],
    ['服务开始', known(one.startedOn)],
  ]);
}

/** How its owners are organised; an expired term is told as such. */
function organised({ committees, hasCommittee }: Estate): [string, string][] {
  if (committees.length === 0) return [['业主组织', hasCommittee === false ? '还没有' : '待补']];
  return committees.flatMap((one): [string, string][] => [
    [committeeKinds[one.kind], one.name],
    ['任期', `${known(one.termFrom)} 至 ${known(one.termTo)}${one.inTerm === false ? '（已届满）' : ''}`],
    ['委员', one.members === null ? '待补' : `${count(one.members)} 人`],
  ]);
}
