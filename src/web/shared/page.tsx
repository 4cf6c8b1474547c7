import { Button } from 'antd';
import { type ReactNode, useEffect } from 'react';
import { useMe } from './session.tsx';

/** 状态 · 页面 · 共治 */
export function useTitle(page: string, state?: string) {
  useEffect(() => {
    document.title = [state, page, '共治'].filter(Boolean).join(' · ');
  }, [page, state]);
}

/** The state of a page whose questions have no answer: not yet, or none that can be shown. */
export const unanswered = (...asked: { error: unknown }[]) =>
  asked.some((one) => one.error) ? '没有打开' : '正在载入';

interface PageProps {
  title: string;
  /** What the title bar of the browser says first: how many, how it stands. */
  state?: string | undefined;
  /** Beside the heading. */
  mark?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  /** 口径: printed below the page. */
  definition?: string;
  /** A form is not printed. */
  printable?: boolean;
  children: ReactNode;
}

/** A page of the console and, printed, an A4 sheet that says who issued it and when. */
export function Page({ title, state, mark, lead, actions, definition, printable = true, children }: PageProps) {
  const { post, deployment } = useMe();
  useTitle(title, state);
  return (
    <>
      <header className="page-head">
        <div>
          <h1>
            {title} {mark}
          </h1>
          {lead && <div className="lead">{lead}</div>}
        </div>
        <div className="page-actions no-print">
          {actions}
          {printable && <Button onClick={() => window.print()}>打印</Button>}
        </div>
      </header>
      {children}
      <footer className="print-only issued">
        <p>
          制表：{post.organisationName}　{deployment.today}
          {deployment.mode === 'demo' && '　演示数据'}
        </p>
        {definition && <p>口径：{definition}</p>}
        <p>来源：本系统的底册和报备，截至 {deployment.today}</p>
      </footer>
    </>
  );
}

export function Section({
  title,
  children,
  actions,
  note,
}: {
  title: string;
  children: ReactNode;
  actions?: ReactNode;
  note?: ReactNode;
}) {
  return (
    <section className="section">
      <header className="section-head">
        <h2>{title}</h2>
        {note && <span className="note">{note}</span>}
        {actions && <span className="section-actions no-print">{actions}</span>}
      </header>
      {children}
    </section>
  );
}

/** What is known about one thing: name and value, two columns where there is room. */
export function Facts({ of }: { of: Readonly<Record<string, ReactNode>> }) {
  return (
    <dl className="facts">
      {Object.entries(of).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
