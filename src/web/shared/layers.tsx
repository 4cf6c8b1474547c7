import type { DrawerProps, ModalProps, QRCodeProps } from 'antd';
import { type ComponentType, lazy, Suspense, useState } from 'react';

/** What lies over a page, and the drawing of codes, is fetched when it is first wanted: no first page waits for it. */
export function late<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): ComponentType<Props> {
  const Late = lazy(load) as unknown as ComponentType<Props>;
  return (props) => (
    <Suspense fallback={null}>
      <Late {...props} />
    </Suspense>
  );
}

/** Once opened it stays, so that it can close with its movement and give the focus back. */
function openedLate<Props extends { open?: boolean }>(Layer: ComponentType<Props>): ComponentType<Props> {
  return (props) => {
    const [wanted, setWanted] = useState(false);
    if (props.open && !wanted) setWanted(true);
    return wanted ? <Layer {...props} /> : null;
  };
}

export const Modal = openedLate(late<ModalProps>(() => import('./layers/modal.tsx')));
export const Drawer = openedLate(late<DrawerProps>(() => import('./layers/drawer.tsx')));
export const QRCode = late<QRCodeProps>(() => import('./layers/qr-code.tsx'));
