import { JoinScreen } from '../features/join/join-screen.tsx';
import { SetUpScreen } from '../features/set-up/set-up-screen.tsx';
import { useEnter } from './doors.tsx';

export function JoinDoor() {
  return <JoinScreen onSignedIn={useEnter()} />;
}

export function SetUpDoor() {
  return <SetUpScreen onSignedIn={useEnter()} />;
}
