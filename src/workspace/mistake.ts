/**
 * What the caller of a workspace asked for wrongly; the message says what would be right and may be shown. The
 * control plane tells it apart by its class from mistakes of our own, which it must not blame on the caller.
 */
export class Mistake extends RangeError {}
