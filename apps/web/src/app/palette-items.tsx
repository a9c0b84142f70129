import type { Member, Session } from '@baton/client';
import { useLingui } from '@lingui/react/macro';
import {
  IconArrowsExchange,
  IconEdit,
  IconHeartbeat,
  IconKeyboard,
  IconLanguage,
  IconMessage,
  IconMoon,
  IconSettings,
  IconShieldLock,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useCallback, useMemo } from 'react';
import { Face } from '../design/primitives/face.tsx';
import { useAppearance } from '../design/session/appearance.ts';
import { useSession } from '../design/session/session-context.tsx';
import { foldText } from '../design/words/fold-text.ts';
import { LANGUAGES } from '../design/words/language.ts';
import { useOverlays } from './overlays-context.ts';
import { usePlaces } from './places.ts';

export interface PaletteItem {
  readonly key: string;
  readonly label: string;
  readonly kind: string;
  readonly icon: ReactNode;
  readonly run: () => void;
}

const EACH = 6;

/** What the palette finds for a text: actions, threads, people and roles, patients, in this order. */
export function usePaletteItems(): (query: string) => readonly PaletteItem[] {
  const actions = useActions();
  const session = useSession();
  const found = useFound(session);
  return useCallback(
    (query: string) => {
      const words = foldText(query)
        .split(/\s+/)
        .filter((word) => word !== '');
      const matches = ({ label }: PaletteItem): boolean =>
        words.every((word) => foldText(label).includes(word));
      if (words.length === 0) return [...actions, ...found.threads().slice(0, EACH)];
      return [
        ...actions.filter(matches).slice(0, EACH),
        ...found.threads().filter(matches).slice(0, EACH),
        ...found.members(query).slice(0, EACH),
        ...found.patients(query).slice(0, EACH),
      ];
    },
    [actions, found],
  );
}

function useActions(): readonly PaletteItem[] {
  const { t } = useLingui();
  const navigate = useNavigate();
  const places = usePlaces();
  const overlays = useOverlays();
  const appearance = useAppearance();
  return useMemo(() => {
    const goTo = t`Go to`;
    const action = t`Action`;
    const other = LANGUAGES.find(({ code }) => code !== appearance.language);
    return [
      {
        key: 'new',
        label: t`New conversation`,
        kind: action,
        icon: <IconEdit size={18} />,
        run: () => void navigate({ to: '/new' }),
      },
      {
        key: '/hand-over',
        label: t`Hand over my shift`,
        kind: action,
        icon: <IconArrowsExchange size={18} />,
        run: () => void navigate({ to: '/hand-over' }),
      },
      ...[...places.main, ...places.care, ...places.admin].map(({ to, label, icon: Icon }) => ({
        key: to,
        label,
        kind: goTo,
        icon: <Icon size={18} />,
        run: () => void navigate({ to }),
      })),
      {
        key: '/settings',
        label: t`Settings`,
        kind: goTo,
        icon: <IconSettings size={18} />,
        run: () => void navigate({ to: '/settings' }),
      },
      {
        key: '/security',
        label: t`Devices and sign-in`,
        kind: goTo,
        icon: <IconShieldLock size={18} />,
        run: () => void navigate({ to: '/security' }),
      },
      {
        key: 'theme',
        label: t`Light or dark theme`,
        kind: action,
        icon: <IconMoon size={18} />,
        run: () => appearance.setTheme(isDarkNow() ? 'light' : 'dark'),
      },
      ...(other === undefined
        ? []
        : [
            {
              key: 'language',
              label: other.name,
              kind: action,
              icon: <IconLanguage size={18} />,
              run: () => appearance.setLanguage(other.code),
            },
          ]),
      {
        key: 'keys',
        label: t`Keyboard shortcuts`,
        kind: action,
        icon: <IconKeyboard size={18} />,
        run: overlays.showKeys,
      },
    ];
  }, [t, navigate, places, overlays, appearance]);
}

function isDarkNow(): boolean {
  return document.documentElement.dataset['mantineColorScheme'] === 'dark';
}

function useFound(session: Session) {
  const { t } = useLingui();
  const navigate = useNavigate();
  return useMemo(
    () => ({
      threads: (): readonly PaletteItem[] =>
        session.conversations.list.read().map(({ id, title }) => ({
          key: id,
          label: title === '' ? t`Untitled group` : title,
          kind: t`Thread`,
          icon: <IconMessage size={18} />,
          run: () => void navigate({ to: '/inbox/$conversation', params: { conversation: id } }),
        })),
      members: (query: string): readonly PaletteItem[] =>
        session.directory.search(query).map((member: Member) => ({
          key: member.id,
          label: member.name,
          kind: member.kind === 'role' ? t`Role` : member.kind === 'agent' ? t`Assistant` : t`Person`,
          icon: <Face member={member} size="small" />,
          run: () => void navigate({ to: '/directory/$member', params: { member: member.id } }),
        })),
      patients: (query: string): readonly PaletteItem[] =>
        session.patients.state.read().available
          ? session.patients.search(query).map(({ ref, name }) => ({
              key: ref,
              label: name,
              kind: t`Patient`,
              icon: <IconHeartbeat size={18} />,
              run: () => void navigate({ to: '/patients', hash: ref }),
            }))
          : [],
    }),
    [session, navigate, t],
  );
}
