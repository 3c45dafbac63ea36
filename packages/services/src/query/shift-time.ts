/**
 * Dates and times of an entity in the time zone of a query. PS3.4 C.2.2.2.1.3.
 */
import { DicomDate, DicomTime } from '@dicomwire/dimse/dataset';

/** A date and the time that belongs to it, as text. */
export interface DateAndTime {
  readonly date: string | undefined;
  readonly time: string | undefined;
}

/** Both so many minutes later; a time without a date goes around the clock, and a date without a time stays, as does what can't be read. */
export function shiftDateAndTime({ date, time }: DateAndTime, minutes: number): DateAndTime {
  const parsedTime = time === undefined ? undefined : DicomTime.tryParse(time);
  if (parsedTime === undefined) return { date, time };
  const shifted = parsedTime.earliestMicroseconds + minutes * 60_000_000;
  const days = Math.floor(shifted / dayMicroseconds);
  return {
    date: date === undefined ? undefined : shiftDate(date, days),
    time: timeText(shifted - days * dayMicroseconds),
  };
}

function shiftDate(text: string, days: number): string {
  const date = DicomDate.tryParse(text);
  if (date === undefined || days === 0) return text;
  try {
    return String(DicomDate.fromDate(new Date((date.epochDays + days) * 86_400_000), 0));
  } catch {
    // The day before the first or after the last that a date can tell.
    return text;
  }
}

/** `HHMMSS.FFFFFF` of microseconds from midnight. */
export function timeText(microseconds: number): string {
  const seconds = Math.floor(microseconds / 1_000_000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join('');
  return `${clock}.${String(microseconds % 1_000_000).padStart(6, '0')}`;
}

const dayMicroseconds = 86_400_000_000;
