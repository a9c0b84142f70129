import { useNavigate } from '@tanstack/react-router';
import { IconAction } from '../design/primitives/icon-action.tsx';
import { useLayout } from '../design/primitives/layout.ts';
import { OpenPatientConversation } from '../features/care/open-conversation.tsx';
import { PatientsScreen } from '../features/patients/patients-screen.tsx';
import { usePlaces } from './places.ts';

/** The registry, with the way from a record into the conversation. On a phone it carries the programmes of patients, which the rail has elsewhere. */
export function PatientsPage() {
  const isPhone = useLayout() === 'phone';
  return (
    <PatientsScreen
      tools={isPhone && <CarePlaces />}
      renderActs={(patient) => <OpenPatientConversation patient={patient} />}
    />
  );
}

function CarePlaces() {
  const { care } = usePlaces();
  const navigate = useNavigate();
  return care.map(({ to, label, icon: Icon }) => (
    <IconAction key={to} label={label} size="large" onClick={() => void navigate({ to })}>
      <Icon size={22} stroke={1.6} />
    </IconAction>
  ));
}
