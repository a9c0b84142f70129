import type { Person } from '@baton/client';
import { Button, Tabs } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconUserPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { Notice } from '../../design/primitives/notice.tsx';
import { Page } from '../../design/primitives/pane.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { SearchField } from '../../design/primitives/search-field.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { Invitations } from './invitations.tsx';
import style from './people.module.css';
import { PersonRow } from './person-row.tsx';
import { Roles } from './roles.tsx';

/** Inviting, changing and deactivating people; defining roles and who holds them. */
export function PeopleScreen() {
  const { t } = useLingui();
  const { people: acts, directory } = useSession();
  const canEnrol = useLive(acts.canEnrol);
  const people = useLive(directory.people).filter(({ kind }) => kind === 'person');
  const roles = useLive(directory.roles);
  const [inviting, setInviting] = useState(false);
  usePageTitle(t`People and roles`);
  const active = people.filter((person) => person.active).length;
  const many = plural(active, { one: '# active account', other: '# active accounts' });
  const count = plural(roles.length, { one: '# role', other: '# roles' });
  return (
    <Page
      wide
      title={t`People and roles`}
      summary={t`${many} and ${count}. Every change is signed and visible to everybody.`}
      actions={
        <Button
          disabled={!canEnrol}
          leftSection={<IconUserPlus size={18} stroke={1.7} aria-hidden="true" />}
          onClick={() => setInviting(true)}
        >
          <Trans>Invite somebody</Trans>
        </Button>
      }
    >
      {!canEnrol && (
        <Notice tone="waiting">
          <Trans>
            This account does not hold the enrolment key, so it cannot invite or change people. Ask the
            administrator who set up your organisation.
          </Trans>
        </Notice>
      )}
      <Tabs defaultValue="people" mt="md" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="people">
            <Trans>People</Trans>
          </Tabs.Tab>
          <Tabs.Tab value="roles">
            <Trans>Roles</Trans>
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="people" pt="md">
          <Invitations />
          <PeopleList people={people} canEnrol={canEnrol} />
        </Tabs.Panel>
        <Tabs.Panel value="roles" pt="md">
          <Roles canDefine={canEnrol} />
        </Tabs.Panel>
      </Tabs>
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Page>
  );
}

function PeopleList({
  people,
  canEnrol,
}: {
  readonly people: readonly Person[];
  readonly canEnrol: boolean;
}) {
  const { t, i18n } = useLingui();
  const [query, setQuery] = useState('');
  const shown = useMemo(() => {
    const words = query.toLocaleLowerCase();
    return people
      .filter(({ name }) => name.toLocaleLowerCase().includes(words))
      .sort((a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name, i18n.locale));
  }, [people, query, i18n.locale]);
  return (
    <>
      <SearchField
        main
        label={t`Search people`}
        clearLabel={t`Clear search`}
        value={query}
        onChange={setQuery}
      />
      <ul className={style['list']}>
        {shown.map((person) => (
          <PersonRow key={person.id} person={person} canChange={canEnrol} />
        ))}
      </ul>
    </>
  );
}
