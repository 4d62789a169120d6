/**
 * An invalid request to the control API, with a message for its caller. Any other error is a defect of the workspace
 * and becomes a 500.
 */
export class ControlError extends RangeError {}
