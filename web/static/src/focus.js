// What went wrong takes the focus, so that nobody misses it: [data-takes-focus]

document.querySelector("[data-takes-focus]")?.focus();
