import type { RoleId } from '@baton/kernel';
import { useNavigate } from '@tanstack/react-router';
import { useSession } from '../../../design/session/session-context.tsx';
import { type Action, useAction } from '../../../design/session/use-action.ts';

/** Opens the conversation with a role: whoever holds it reads it. */
export function useMessageRole(role: RoleId): { readonly action: Action; readonly open: () => void } {
  const { conversations } = useSession();
  const navigate = useNavigate();
  const action = useAction();
  const open = (): void => {
    void action.run(async () => {
      const { id } = await conversations.startWithRole(role);
      await navigate({ to: '/inbox/$conversation', params: { conversation: id } });
    });
  };
  return { action, open };
}
