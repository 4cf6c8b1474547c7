/** On every page, print and picture of the demo. */
export function DemoBand() {
  return <p className="demo-band">演示数据 · 本系统中的单位、人员与事项均为虚构</p>;
}
