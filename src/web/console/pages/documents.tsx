import { Link } from 'react-router';
import {
  type Document,
  type DocumentKind,
  type DocumentStanding,
  documentKinds,
  documentSides,
  documentStandings,
  draftNotice,
  exportDocuments,
  listDocuments,
} from '../../../procedures/documents/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useAddress, useMay } from '../../shared/session.tsx';
import { State, type Tone } from '../../shared/states.tsx';
import { TabLine } from '../../shared/tab-line.tsx';
import { useUrl } from '../../shared/use-url.ts';

const tabs = ['all', 'sent', 'received', 'public'] as const;
const tones: Record<DocumentStanding, Tone> = { drafted: 'soon', valid: 'met', withdrawn: 'outside' };

export function DocumentState({ standing }: { standing: DocumentStanding }) {
  return <State tone={tones[standing]}>{documentStandings[standing]}</State>;
}

export function Component() {
  const url = useUrl();
  const may = useMay();
  const address = useAddress();
  const side = url.one('side', tabs) ?? 'all';
  const input = {
    side,
    standing: url.one('standing', Object.keys(documentStandings) as DocumentStanding[]),
    kind: url.one('kind', Object.keys(documentKinds) as DocumentKind[]),
  };
  const query = useList(listDocuments, input, url);
  return (
    <Page
      title="文件"
      state={query.data ? `${query.data.total} 份` : unanswered(query)}
      lead="在这里起草，到本单位的系统编号、盖章；把盖章件传回来，传回的盖章件才有效。"
      definition="有盖章件且没有撤回的为有效；起草稿只有起草的单位看得见。"
      actions={
        <>
          {may(draftNotice) && (
            <Link className="primary-link" to={address('/documents/new')}>
              起草通知
            </Link>
          )}
          <ExportButton of={exportDocuments} input={input} list="文件" />
        </>
      }
    >
      <TabLine label="文件" name="side" current={side} of={tabs.map((key) => ({ key, label: documentSides[key] }))} />
      <Filters url={url} names={['standing', 'kind']}>
        <ChoiceField url={url} name="standing" label="状态" choices={choicesOf(documentStandings)} />
        <ChoiceField url={url} name="kind" label="种类" choices={choicesOf(documentKinds)} />
      </Filters>
      <ListLedger
        label="文件"
        query={query}
        url={url}
        unit="份"
        keyOf={(one) => one.id}
        empty="这里还没有文件。可以起草通知，也可以从超期的义务、督办或本月清单起草。"
        columns={columns}
      />
    </Page>
  );
}

const choicesOf = (of: Readonly<Record<string, string>>) =>
  Object.entries(of).map(([value, label]) => ({ value, label }));

const columns = [
  {
    title: '标题',
    name: true as const,
    width: '38%',
    show: (one: Document) => (
      <>
        <Go to={`/documents/${one.id}`}>{one.title}</Go>
        <span className="sub">{`${documentKinds[one.kind]}　${one.placeName}　${one.isPublic ? '公开' : '不公开'}`}</span>
      </>
    ),
  },
  { title: '发文字号', show: (one: Document) => one.documentNumber ?? '--' },
  { title: '成文日期', show: (one: Document) => one.issuedOn ?? '--' },
  { title: '起草单位', show: (one: Document) => one.organisationName },
  { title: '主送', show: (one: Document) => one.addressee ?? '--' },
  { title: '状态', show: (one: Document) => <DocumentState standing={one.standing} /> },
];
