import { Button } from 'antd';
import { useRef, useState } from 'react';

/** A few words to be pasted into a chat; kept to what a chat shows without folding it away. */
export function ChatText({ of }: { of: string }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    field.current?.select();
    // Without https a browser has no clipboard of its own to give.
    if (navigator.clipboard) await navigator.clipboard.writeText(of).catch(() => document.execCommand('copy'));
    else document.execCommand('copy');
    setCopied(true);
  };
  return (
    <section className="section no-print" aria-label="发到群里">
      <header className="section-head">
        <h2>发到群里</h2>
        <span className="note">{[...of].length} 字</span>
      </header>
      <textarea ref={field} className="chat-text" aria-label="群消息" readOnly value={of} rows={8} />
      <p>
        <Button onClick={() => void copy()}>复制</Button>{' '}
        <span role="status">{copied && '已复制，可以粘贴到群里。'}</span>
      </p>
    </section>
  );
}
