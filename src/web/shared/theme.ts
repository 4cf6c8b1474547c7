import type { ConfigProviderProps, ThemeConfig } from 'antd';

/** antd with the contrast that axe accepts (design notes 7.2), without shadows and with few roundings. */
export const theme: ThemeConfig = {
  token: {
    colorPrimary: '#0958d9',
    // antd's own is lighter, and white letters on it are hard to read under the pointer.
    colorPrimaryHover: '#003eb3',
    colorLink: '#0958d9',
    colorInfo: '#0958d9',
    colorSuccess: '#237804',
    colorWarning: '#ad4e00',
    colorError: '#cf1322',
    colorText: '#1f1f1f',
    colorTextPlaceholder: '#6b6b6b',
    colorTextDescription: '#595959',
    colorTextTertiary: '#595959',
    colorTextQuaternary: '#6b6b6b',
    colorTextDisabled: '#767676',
    colorBorder: '#c9c5ba',
    colorBorderSecondary: '#e3e0d8',
    colorBgLayout: '#fafaf7',
    controlHeight: 36,
    borderRadius: 2,
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.15s',
    fontSize: 14,
    fontFamily:
      '"PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif',
  },
  components: {
    Table: {
      headerBg: '#fafaf7',
      headerColor: '#595959',
      headerSplitColor: 'transparent',
      cellPaddingBlock: 9,
      cellPaddingInline: 10,
      rowHoverBg: '#fafaf7',
    },
    Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
    Tabs: { horizontalItemPadding: '8px 0', horizontalMargin: '0' },
  },
};

export const quiet: Pick<ConfigProviderProps, 'modal' | 'drawer' | 'wave' | 'button'> = {
  modal: { mask: { blur: false } },
  drawer: { mask: { blur: false } },
  wave: { disabled: true },
  button: { autoInsertSpace: false },
};
