// Answers each frame with itself, and ends itself when it is told to.
import { portLine } from 'rxjs-clocked-dispatch/port';

const line = portLine(self);
line.onframe = (frame) => {
  if (frame === 'end') self.close();
  else line.post(frame);
};
