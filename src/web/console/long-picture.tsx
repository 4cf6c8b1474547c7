/** A notice as one long picture, for chats in which nobody opens a file: drawn here, large enough to be read on a telephone. */
import { Button, QRCode } from 'antd';
import { useRef, useState } from 'react';

export interface Pictured {
  title: string;
  passages: readonly string[];
  issuer: string;
  /** Number and day of the sealed copy. */
  issued: string;
  url: string;
  code: string;
  demo: boolean;
}

const WIDTH = 1080;
const MARGIN = 72;
const CODE = 240;
const song = '"Songti SC", "Noto Serif CJK SC", SimSun, serif';
const sans = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

interface Line {
  text: string;
  font: string;
  height: number;
  colour?: string;
  align?: 'center' | 'right';
}

function linesOf(of: Pictured, brush: CanvasRenderingContext2D): Line[] {
  const wrapped = (text: string, style: Omit<Line, 'text'>): Line[] => {
    brush.font = style.font;
    const lines = [''];
    for (const letter of text) {
      const line = lines.at(-1)! + letter;
      if (brush.measureText(line).width > WIDTH - 2 * MARGIN) lines.push(letter);
      else lines[lines.length - 1] = line;
    }
    return lines.map((line) => ({ ...style, text: line }));
  };
  const gap = (height: number): Line => ({ text: '', font: '', height });
  const body = { font: `40px ${sans}`, height: 68 };
  return [
    ...(of.demo
      ? wrapped('演示数据，不是正式文件', { font: `32px ${sans}`, height: 60, colour: '#595959', align: 'center' })
      : []),
    ...wrapped(of.title, { font: `700 60px ${song}`, height: 88, align: 'center' }),
    gap(40),
    ...of.passages.flatMap((text) => wrapped(`　　${text}`, body)),
    gap(40),
    ...wrapped(of.issuer, { ...body, align: 'right' }),
    ...wrapped(of.issued, { ...body, align: 'right' }),
    gap(48),
  ];
}

/** Draws it; the canvas takes the height that the words need. */
export function drawPicture(canvas: HTMLCanvasElement, of: Pictured, code: HTMLCanvasElement): void {
  const brush = canvas.getContext('2d')!;
  const lines = linesOf(of, brush);
  canvas.width = WIDTH;
  canvas.height = 2 * MARGIN + lines.reduce((sum, line) => sum + line.height, 0) + CODE;
  brush.fillStyle = '#ffffff';
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.fillStyle = '#b8141b';
  brush.fillRect(0, 0, WIDTH, 12);
  brush.textBaseline = 'middle';
  let y = MARGIN;
  for (const { text, font, height, colour = '#1f1f1f', align } of lines) {
    brush.font = font || brush.font;
    brush.fillStyle = colour;
    brush.textAlign = align ?? 'left';
    const x = align === 'center' ? WIDTH / 2 : align === 'right' ? WIDTH - MARGIN : MARGIN;
    brush.fillText(text, x, y + height / 2);
    y += height;
  }
  brush.imageSmoothingEnabled = false;
  brush.drawImage(code, MARGIN, y, CODE, CODE);
  brush.font = `32px ${sans}`;
  brush.fillStyle = '#1f1f1f';
  brush.textAlign = 'left';
  const words = ['扫码看盖章件', `核验码 ${of.code}`, of.demo ? '演示数据' : ''];
  for (const [at, text] of words.entries()) brush.fillText(text, MARGIN + CODE + 40, y + 60 + at * 56);
}

export function LongPicture({ of }: { of: Pictured }) {
  const hidden = useRef<HTMLDivElement>(null);
  const [picture, setPicture] = useState<string>();
  const draw = () => {
    const code = hidden.current?.querySelector('canvas');
    if (!code) return;
    const canvas = document.createElement('canvas');
    drawPicture(canvas, of, code);
    canvas.toBlob((blob) => blob && setPicture(URL.createObjectURL(blob)), 'image/png');
  };
  return (
    <div className="long-picture no-print">
      <div ref={hidden} className="unseen" aria-hidden="true">
        <QRCode type="canvas" value={of.url} size={CODE} bordered={false} />
      </div>
      <Button onClick={draw}>生成长图</Button>
      {picture && (
        <figure>
          <img src={picture} alt={`长图：${of.title}`} />
          <figcaption>
            <p>
              <a href={picture} download={`${of.title}.png`}>
                保存长图
              </a>
            </p>
            <p className="note">在手机上长按图片也能保存或转发。</p>
          </figcaption>
        </figure>
      )}
    </div>
  );
}
