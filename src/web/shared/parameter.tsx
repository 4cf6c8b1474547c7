import { confidences, type Requirement } from '../../registers/requirements/contract.ts';
import { State } from './states.tsx';

/** A value of the law: what it is called and what it says today. */
export function Parameter({ of }: { of: Pick<Requirement, 'label' | 'says'> }) {
  return (
    <>
      {of.label}：<strong>{of.says ?? '今天没有值'}</strong>
    </>
  );
}

/** How sure we are of the words of the law; the plain case says nothing. */
export function Sureness({ of }: { of: Pick<Requirement, 'confidence' | 'checked'> }) {
  if (of.confidence === null || of.confidence === 'original') return null;
  const word = confidences[of.confidence];
  return of.confidence === 'unverified' ? <State tone="soon">{word}</State> : <span className="sub">{word}</span>;
}
