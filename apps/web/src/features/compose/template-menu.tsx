import { TEMPLATES } from '@baton/wire';
import { Menu } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconTemplate } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { ContractMark } from '../../design/batons/contract-mark.tsx';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { TEMPLATE_NAMES } from '../../design/words/template-words.ts';
import { TEMPLATE_FORMS } from './templates.ts';
import type { Composer } from './use-composer.ts';

/** SBAR, critical result, change of the care plan: labelled fields with a contract filled in. */
export function TemplateMenu({ composer }: { readonly composer: Composer }) {
  const { t, i18n } = useLingui();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (!event.altKey || event.code !== 'KeyT') return;
      event.preventDefault();
      setOpen(true);
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  return (
    // The chosen template takes the focus to its first field.
    <Menu opened={open} onChange={setOpen} position="top-start" withinPortal returnFocus={false} width={300}>
      <Menu.Target>
        <IconAction size="large" side="top" label={t`Use a template`} keys="Alt+T">
          <IconTemplate size={20} stroke={1.7} />
        </IconAction>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Trans>Templates</Trans>
        </Menu.Label>
        {TEMPLATES.map((kind) => (
          <Menu.Item
            key={kind}
            rightSection={<ContractMark contract={TEMPLATE_FORMS[kind].contract} />}
            onClick={() => composer.chooseTemplate(kind)}
          >
            {i18n._(TEMPLATE_NAMES[kind])}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
