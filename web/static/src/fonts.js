// Phones and the common desktops have Japanese fonts of their own and fetch nothing. A bare Linux desktop gets ours
// after the page stands, so that the first page stays small.

const HAVE_FONTS = /Android|iPhone|iPad|Macintosh|Windows/;

if (!HAVE_FONTS.test(navigator.userAgent)) {
  addEventListener("load", () => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = document.querySelector('meta[name="meguri-fonts"]').content;
    document.head.append(link);
  });
}
