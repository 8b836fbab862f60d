// What `?spro-doctor` shows on a page: which rung the element stands on, and why.

export default function doctor(element, rung, why) {
  console.info("spro-guide doctor", rung, why.join(", "), element);
}
