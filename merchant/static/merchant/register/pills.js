// Categories that don't fit beside the choice of the place to eat: the edge fades, and a button brings the next ones.

const SLACK_PX = 8;

/** Watch the pills in `nav`; `next` stands beside them while some are out of sight, and leads from the last back to the first. */
export function showsMore(nav, next) {
  const rest = () => nav.scrollWidth - nav.clientWidth - nav.scrollLeft;
  const look = () => {
    const scrolls = !nav.hidden && nav.scrollWidth > nav.clientWidth + SLACK_PX;
    next.hidden = !scrolls;
    nav.classList.toggle("has-before", scrolls && nav.scrollLeft > SLACK_PX);
    nav.classList.toggle("has-after", scrolls && rest() > SLACK_PX);
  };
  nav.addEventListener("scroll", look, { passive: true });
  next.addEventListener("click", () => nav.scrollTo({ left: rest() > SLACK_PX ? nav.scrollLeft + nav.clientWidth * 0.75 : 0, behavior: "smooth" }));
  new ResizeObserver(look).observe(nav);
  new MutationObserver(look).observe(nav, { childList: true });
  look();
}
