import { Button } from 'antd';
import { useLayoutEffect, useState } from 'react';
import { findEverything } from '../../registers/finding/contract.ts';
import { late, Modal } from '../shared/layers.tsx';
import { useMay } from '../shared/session.tsx';

const Finder = late(() => import('./finder.tsx'));

/** 查找: one box for everything that has a name, on Ctrl K everywhere. */
export function FindButton() {
  const may = useMay();
  const [open, setOpen] = useState(false);
  const offered = may(findEverything);
  // Whoever sees the button may press the keys.
  useLayoutEffect(() => {
    const listen = (event: globalThis.KeyboardEvent) => {
      if (!offered || event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setOpen(true);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [offered]);
  if (!offered) return null;
  return (
    <>
      <Button className="find-button no-print" onClick={() => setOpen(true)} aria-keyshortcuts="Control+K">
        查找 <kbd>Ctrl K</kbd>
      </Button>
      <Modal title="查找" open={open} onCancel={() => setOpen(false)} footer={null} destroyOnHidden>
        <Finder onGone={() => setOpen(false)} />
      </Modal>
    </>
  );
}
