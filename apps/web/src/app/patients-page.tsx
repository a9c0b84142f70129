import { OpenPatientConversation } from '../features/care/open-conversation.tsx';
import { PatientsScreen } from '../features/patients/patients-screen.tsx';

/** The registry, with the way from a record into the conversation. */
export function PatientsPage() {
  return <PatientsScreen renderActs={(patient) => <OpenPatientConversation patient={patient} />} />;
}
