/** A letter on paper, A4: the QR and the code are shown once, here. */
import { Button, QRCode } from 'antd';
import type { Letter } from '../../registers/activations/contract.ts';

export function LetterSheet({ of, demo, onDone }: { of: Letter; demo: boolean; onDone: () => void }) {
  return (
    <>
      <div className="wizard-actions no-print letter-actions">
        <Button type="primary" onClick={() => window.print()}>
          打印这封信
        </Button>
        <Button onClick={onDone}>印好了，收起</Button>
        <span className="note">码只显示这一次。收起后要再印，只能重出一封，这一封随即作废。</span>
      </div>
      <article className="letter" aria-label="激活信">
        <p className="letter-to">
          {of.estateName} {of.unitName}
          <br />
          {of.ownerName} 收
        </p>
        <h1>业主账号激活信</h1>
        <p>
          用这封信可以开通您的业主账号，查看您的房屋、本小区的情况和办事进展。请在 <strong>{of.expiresOn}</strong>{' '}
          之前使用。
        </p>
        <ol className="steps">
          <li>用手机扫描二维码；或在浏览器打开 {of.url.replace(/#.*/, '')}，填写下面的码。</li>
          <li>填写您的姓名，起一个账号，设一个密码。</li>
        </ol>
        <div className="qr">
          <QRCode type="svg" value={of.url} size={200} bordered={false} aria-label="激活信的二维码" />
          <p>
            码 <code className="letter-code">{of.code}</code>
          </p>
        </div>
        <p>
          这封信只能由收信的业主本人使用，用一次即作废。任何人向您索要信上的码，都请拒绝。不是您本人的房屋，请把信退回社区。
        </p>
        <footer>
          {of.issuer}　{of.issuedOn}
          {demo && '　演示数据'}
        </footer>
      </article>
    </>
  );
}
