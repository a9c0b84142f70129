import { useLingui } from '@lingui/react/macro';
import { IconSearch } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { batonOfParam } from '../design/batons/baton-words.ts';
import { IconAction } from '../design/primitives/icon-action.tsx';
import { useLayout } from '../design/primitives/layout.ts';
import { BatonsScreen } from '../features/batons/batons-screen.tsx';
import { MeMenu } from './me-menu.tsx';
import { useOverlays } from './overlays-context.ts';

/** My batons, the staff home. On a phone it carries what the rail has elsewhere: search and my account. */
export function BatonsPage() {
  const { t } = useLingui();
  const { baton = null } = useParams({ strict: false });
  const { showPalette } = useOverlays();
  const isPhone = useLayout() === 'phone';
  return (
    <BatonsScreen
      selected={baton === null ? null : batonOfParam(baton)}
      tools={
        isPhone && (
          <>
            <IconAction label={t`Search everything`} onClick={showPalette}>
              <IconSearch size={20} stroke={1.7} />
            </IconAction>
            <MeMenu />
          </>
        )
      }
    />
  );
}
