// The page that is looked at comes into sight where the list of pages is longer than the screen.
document.querySelector("nav.pages [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
