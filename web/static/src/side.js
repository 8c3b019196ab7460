// The list of pages shows the one that is open, also where the list is longer than the screen.

const here = document.querySelector(".side nav [aria-current]");
const list = here?.closest("nav");
if (list) {
  const below = here.offsetTop + here.offsetHeight - list.offsetTop - list.clientHeight;
  if (below > 0) list.scrollTop = below + list.clientHeight / 3;
  const strip = here.closest(".side");
  const beyond = here.offsetLeft + here.offsetWidth - strip.clientWidth;
  if (beyond > 0) strip.scrollLeft = beyond + strip.clientWidth / 3;
}
