import type { ReactNode } from 'react';
import { deploymentContract } from '../../platform/contract.ts';
import { DemoBand } from '../shared/demo-band.tsx';
import { useAsk } from '../shared/use-ask.ts';

/** What surrounds a page before anybody is known. `large`: for people who do this once. */
export function Door({
  children,
  large = false,
  wide = false,
}: {
  children: ReactNode;
  large?: boolean;
  wide?: boolean;
}) {
  const demo = useAsk(deploymentContract, {}).data?.demo === true;
  return (
    <>
      {demo && (
        <header>
          <DemoBand />
        </header>
      )}
      <main className={`door${wide ? ' door-wide' : ''}${large ? ' door-large' : ''}`}>
        <h1>共治</h1>
        {children}
      </main>
    </>
  );
}
