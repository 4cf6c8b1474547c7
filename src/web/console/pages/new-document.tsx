import { Checkbox, Form, Input } from 'antd';
import { useNavigate } from 'react-router';
import { draftNotice } from '../../../procedures/documents/contract.ts';
import { Page } from '../../shared/page.tsx';
import { RecordForm } from '../../shared/record-form.tsx';
import { useAddress, useArea } from '../../shared/session.tsx';
import { useAct } from '../../shared/use-ask.ts';
import { EstateField } from '../estate-field.tsx';

interface Filled {
  title: string;
  addressee?: string;
  text: string;
  estate?: string;
  isPublic: boolean;
  blankHead: boolean;
}

/** Drafts a notice in one's own words; letters with data of the system start where the data are. */
export function Component() {
  const act = useAct(draftNotice);
  const go = useNavigate();
  const address = useAddress();
  const area = useArea();
  const draft = async ({ estate, ...fields }: Filled) => {
    const { id } = await act.mutateAsync({ input: { ...fields, area, ...(estate && { estate: Number(estate) }) } });
    void go(address(`/documents/${id}`));
  };
  return (
    <Page
      printable={false}
      title="起草通知"
      state="填写"
      lead="按公文格式生成 Word 起草稿。提醒函从超期的义务起草，督办函从督办起草，本月清单的通知从本月清单起草。"
    >
      <RecordForm<Filled>
        draft="document-new"
        initial={{ isPublic: true, blankHead: false }}
        act={draft}
        error={act.error}
        okText="生成起草稿"
        busy={act.isPending}
      >
        <Form.Item name="title" label="标题" rules={[{ required: true, min: 4, message: '请写标题' }]}>
          <Input autoComplete="off" maxLength={60} placeholder="关于……的通知" />
        </Form.Item>
        <Form.Item name="addressee" label="主送（可不填）">
          <Input autoComplete="off" maxLength={60} placeholder="如：各位业主" />
        </Form.Item>
        <Form.Item name="estate" label="哪个小区（不选就是整个辖区）">
          <EstateField />
        </Form.Item>
        <Form.Item
          name="text"
          label="正文（一行一段）"
          rules={[{ required: true, min: 4, message: '请写正文' }]}
          extra="公开的通知不要写个人信息。"
        >
          <Input.TextArea rows={8} maxLength={5000} />
        </Form.Item>
        <Form.Item name="isPublic" valuePropName="checked">
          <Checkbox>盖章后公开：可张贴、发群，任何人凭核验码可取盖章件</Checkbox>
        </Form.Item>
        <Form.Item name="blankHead" valuePropName="checked">
          <Checkbox>标题上方留出红头的位置</Checkbox>
        </Form.Item>
      </RecordForm>
    </Page>
  );
}
