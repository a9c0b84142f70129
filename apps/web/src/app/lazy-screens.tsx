import type { MemberId } from '@baton/kernel';
import { useParams } from '@tanstack/react-router';
import { DirectoryScreen } from '../features/directory/directory-screen.tsx';
import { SettingsScreen } from '../features/settings/settings-screen.tsx';
import { useAccount } from './account.tsx';
import { useOverlays } from './overlays-context.ts';

export { NewConversationScreen } from '../features/new-conversation/new-conversation-screen.tsx';
export { PatientsPage } from './patients-page.tsx';

export function DirectoryPage() {
  const { member } = useParams({ strict: false });
  return <DirectoryScreen selected={(member ?? null) as MemberId | null} />;
}

export function SettingsPage() {
  const { leave } = useAccount();
  const { showKeys } = useOverlays();
  return <SettingsScreen onSignOut={leave} onShowKeys={showKeys} />;
}
