// Ceilings of what a user's bundle gains, minified and compressed; the reason stands beside each. Raise one with its reason.
export default [];
