import {
  IconAlertCircle,
  IconAlertTriangle,
  IconCircleCheck,
  IconInfoCircle,
  IconWifiOff,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import style from './notice.module.css';

export interface NoticeProps {
  readonly tone: 'info' | 'waiting' | 'offline' | 'danger' | 'done';
  readonly children: ReactNode;
  readonly action?: ReactNode;
  /** Across the whole width, without corners. */
  readonly band?: boolean;
  /** Said by screen readers when it appears. */
  readonly role?: 'status' | 'alert';
}

const ICONS = {
  info: IconInfoCircle,
  waiting: IconAlertCircle,
  offline: IconWifiOff,
  danger: IconAlertTriangle,
  done: IconCircleCheck,
} as const;

/** A sentence that stands on the screen until it is no longer true. */
export function Notice({ tone, children, action, band = false, role }: NoticeProps) {
  const Icon = ICONS[tone];
  return (
    <div className={style['notice']} data-tone={tone} data-band={band || undefined} role={role}>
      <Icon size={18} stroke={1.8} aria-hidden="true" className={style['icon'] ?? ''} />
      <div className={style['text']}>{children}</div>
      {action}
    </div>
  );
}

/** The sentence of a failed action; nothing when there is none. */
export function FailureNotice({ sentence }: { readonly sentence: string | null }) {
  if (sentence === null) return null;
  return (
    <Notice tone="danger" role="alert">
      {sentence}
    </Notice>
  );
}
