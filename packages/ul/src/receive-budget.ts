/** Bytes that a receiver may hold under pending promises before reading is paused, unless set otherwise. */
export const defaultReceiveBudgetBytes = 0x40000;
