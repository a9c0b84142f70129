import type { MemberId } from '@baton/kernel';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconAddressBook } from '@tabler/icons-react';
import { EmptyState } from '../../design/primitives/empty-state.tsx';
import { ListDetail } from '../../design/primitives/list-detail.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { DirectoryList } from './directory-list.tsx';
import { MemberDetail } from './member-detail.tsx';

/** People and roles of the organisation, from the verified key log. */
export function DirectoryScreen({ selected }: { readonly selected: MemberId | null }) {
  const { t } = useLingui();
  const { directory } = useSession();
  // Read, so that the screen follows every change of them.
  useLive(directory.people);
  useLive(directory.roles);
  const member = selected === null ? null : directory.member(selected);
  usePageTitle(member?.name ?? t`Directory`);
  return (
    <ListDetail
      list={<DirectoryList selected={selected} />}
      detail={
        selected === null ? null : member === null ? (
          <EmptyState title={t`Nobody here`}>
            <Trans>There is nothing here that you can see.</Trans>
          </EmptyState>
        ) : (
          <MemberDetail key={member.id} member={member} />
        )
      }
      nothing={
        <EmptyState icon={<IconAddressBook size={28} stroke={1.5} />} title={t`People and roles`}>
          <Trans>Write to the role that somebody covers, and the message finds whoever holds it.</Trans>
        </EmptyState>
      }
    />
  );
}
