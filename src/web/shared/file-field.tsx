import { Button } from 'antd';
import { useId, useRef } from 'react';

interface FileProps {
  label: string;
  onChoose: (file: File) => void;
  hint?: string;
  accept?: string;
  busy?: boolean;
  primary?: boolean;
}

/** Chooses one file. A plain file input behind a button: it works with the keyboard, with readers and on phones. */
export function FileField({ label, onChoose, hint, accept, busy = false, primary = false }: FileProps) {
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  return (
    <div className="file-field no-print">
      <input
        ref={input}
        id={id}
        type="file"
        className="unseen"
        tabIndex={-1}
        aria-label={label}
        accept={accept}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) onChoose(file);
        }}
      />
      <Button type={primary ? 'primary' : 'default'} loading={busy} onClick={() => input.current?.click()}>
        {label}
      </Button>
      {hint && <span className="note">{hint}</span>}
    </div>
  );
}
