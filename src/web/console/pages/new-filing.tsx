import { Form } from 'antd';
import { useState } from 'react';
import { listDuties, readBoard, readDuty } from '../../../oversight/duties/contract.ts';
import type { Filing } from '../../../procedures/filings/contract.ts';
import { Choice } from '../../shared/choice.tsx';
import { Empty, Shown } from '../../shared/feedback.tsx';
import { ClauseChips } from '../../shared/go.tsx';
import { Facts, Page } from '../../shared/page.tsx';
import { useArea, useMe } from '../../shared/session.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { DeedForm } from '../deed-form.tsx';
import { SubjectPicker } from '../subject-picker.tsx';

type SubjectKind = Filing['subjectKind'];

/** Files a deed: from a duty with everything known, or freely, also of the past. */
export function Component() {
  const duty = useUrl().number('duty');
  return duty === undefined ? <Free /> : <FromDuty id={duty} />;
}

function FromDuty({ id }: { id: number }) {
  const query = useAsk(readDuty, { id });
  return (
    <Page printable={false} title="报备一件事" state="填写" lead="以下各项来自这项义务，不用再填。">
      <Shown query={query} what="义务">
        {(duty) => (
          <>
            <Facts
              of={{
                事项: duty.label,
                对象: `${duty.subjectLabel}${duty.place ? `（${duty.place}）` : ''}`,
                期间: duty.period,
                应办日期: duty.dueOn,
                依据: <ClauseChips ids={duty.clauses} />,
              }}
            />
            <DeedForm
              deed={{
                matter: duty.matter,
                subjectKind: duty.subjectKind as SubjectKind,
                subjectId: duty.subjectId,
                period: duty.periodKey,
              }}
            />
          </>
        )}
      </Shown>
    </Page>
  );
}

function Free() {
  const url = useUrl();
  const area = useArea();
  const { posts, post } = useMe();
  const board = useAsk(readBoard, { area });
  const matter = url.text('matter');
  const [subject, setSubject] = useState<string>();
  // One duty of this matter says what kind of subject and of period it speaks of.
  const sample = useAsk(listDuties, { matter: matter ?? '', limit: 1 }, { enabled: matter !== undefined });
  const like = sample.data?.rows[0];
  return (
    <Page
      printable={false}
      title="报备一件事"
      state="填写"
      lead={`以“${post.organisationName}”的名义报备${posts.length > 1 ? '；换一个身份请在页首选择' : ''}。过去办成的也可以补报，材料可以后补。`}
    >
      <Form layout="vertical" className="record-form">
        <Form.Item label="事项" htmlFor="matter">
          <Shown query={board} what="事项">
            {({ matters }) => (
              <Choice
                id="matter"
                label="事项"
                value={matter}
                placeholder="选择事项"
                onChange={(value) => {
                  setSubject(undefined);
                  url.change({ matter: value });
                }}
                choices={[...new Map(matters.map((one) => [one.matter, one])).values()].map((one) => ({
                  value: one.matter,
                  label: one.label,
                }))}
              />
            )}
          </Shown>
        </Form.Item>
        {matter && sample.data && !like && <Empty>您能看到的范围内没有这一事项的对象。</Empty>}
        {like && (
          <Form.Item label="对象" htmlFor="subject">
            <SubjectPicker key={matter} kind={like.subjectKind as SubjectKind} value={subject} onChange={setSubject} />
          </Form.Item>
        )}
      </Form>
      {like && subject && (
        <DeedForm
          key={`${matter}${subject}`}
          deed={{ matter: like.matter, subjectKind: like.subjectKind as SubjectKind, subjectId: subject }}
          periodLike={like.periodKey}
        />
      )}
    </Page>
  );
}
