use yew::prelude::*;

macro_rules! icons {
    ($($name:ident $path:literal)+) => {
        /// A drawing of 24 by 24, stroked in the colour of its text.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Icon {
            $($name),+
        }

        impl Icon {
            const fn path(self) -> &'static str {
                match self {
                    $(Self::$name => $path),+
                }
            }
        }
    };
}

icons! {
    Today "M3 12h4l2-6 4 12 2-6h6"
    Compose "M4 20h4L19 9l-4-4L4 16zM13 7l4 4"
    Calendar "M6 5h12a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM4 10h16M9 3v4M15 3v4"
    Accounts "M8 12a4 4 0 0 1 4-4h3a4 4 0 0 1 0 8h-1M16 12a4 4 0 0 1-4 4H9a4 4 0 0 1 0-8h1"
    Personas "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.700 1.9 7.500 5.500"
    Team "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 19.500c.600-3.300 3.200-5 6.500-5s5.900 1.700 6.500 5M16 4.300a3.500 3.500 0 0 1 0 6.400M18 14.800c1.900.700 3.100 2.300 3.500 4.700"
    Settings "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 3v3M12 18v3M3 12h3M18 12h3M5.600 5.600l2.100 2.100M16.300 16.300l2.100 2.100M5.600 18.400l2.100-2.100M16.300 7.700l2.100-2.100"
    Vault "M6 10V8a6 6 0 0 1 12 0v2M5 10h14v10H5zM12 14v2"
    Search "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.500 4.500"
    Plus "M12 5v14M5 12h14"
    Check "M5 12.500l4.500 4.500L19 7.500"
    Cross "M6 6l12 12M18 6L6 18"
    More "M6.300 12a1.300 1.300 0 1 1-2.600 0 1.300 1.300 0 0 1 2.600 0zM13.300 12a1.300 1.300 0 1 1-2.600 0 1.300 1.300 0 0 1 2.600 0zM20.300 12a1.300 1.300 0 1 1-2.600 0 1.300 1.300 0 0 1 2.600 0z"
    Play "M8 5l11 7-11 7z"
    Hold "M9 6v12M15 6v12"
    Left "M14.500 6l-6 6 6 6"
    Right "M9.500 6l6 6-6 6"
    Down "M6 9.500l6 6 6-6"
    Up "M6 14.500l6-6 6 6"
    Warning "M12 4L2.500 20h19zM12 10v4M12 17h.01"
    Info "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8h.01"
    Link "M10 14l9-9M13 5h6v6M18 14v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h4"
    Copy "M9 9h10v11H9zM6 15H5V4h10v2"
    Trash "M4 7h16M9 7V4h6v3M6.500 7l1 13h9l1-13M10 11v5M14 11v5"
    Clock "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2"
    Send "M4 12L20 4l-5 16-3.500-6.500zM11.500 13.500L20 4"
    Image "M6 4h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM4 16l5-5 4 4 3-3 4 4M15.500 9h.01"
    Library "M4 8h16v12H4zM6.500 4.500h11M7 16.500l3.500-3.500 2.500 2.500 2-2 2.500 2.500M15.500 11.500h.01"
    Undo "M8 5L4 9l4 4M4 9h10a5.500 5.500 0 0 1 0 11h-3"
    Idea "M9 18h6M10 21h4M12 3a6 6 0 0 0-3.500 10.900c.7.500 1 1.200 1 2.100h5c0-.900.300-1.600 1-2.100A6 6 0 0 0 12 3z"
    Comment "M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-7l-4.500 4V16H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z"
    Smile "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 14.500a4 4 0 0 0 7 0M9 9.500h.01M15 9.500h.01"
    Snippet "M8 4H6.500A1.500 1.500 0 0 0 5 5.500V10l-2 2 2 2v4.500A1.500 1.500 0 0 0 6.500 20H8M16 4h1.500A1.500 1.500 0 0 1 19 5.500V10l2 2-2 2v4.500a1.500 1.500 0 0 1-1.500 1.500H16M12 8v8M8.500 12h7"
    Queue "M4 6h16M4 12h10M4 18h10M18 12v6M18 18l-2-2M18 18l2-2"
    Refresh "M20 12a8 8 0 1 1-2.500-5.800L20 8.500M20 4v4.500h-4.500"
    Repeat "M4 11V9.500a3.500 3.500 0 0 1 3.500-3.500H19M16 3l3 3-3 3M20 13v1.500a3.500 3.500 0 0 1-3.500 3.500H5M8 21l-3-3 3-3"
    Eye "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
    Folder "M3.500 6h6l2 2.500h9V19h-17z"
    Download "M12 4v11M7.500 11L12 15.500 16.500 11M4 20h16"
    Sidebar "M5 5h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM9.500 5v14"
    Filter "M4 6h16l-6.500 7v5l-3 1.500V13z"
    Key "M14.500 14.500a5 5 0 1 0-4-4L4 17v3h4v-2.500h2.500V15zM16 8h.01"
    Reply "M9 7L4 12l5 5M4 12h9a6 6 0 0 1 6 6v1"
    Signed "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 12.500l2.500 2.500 4.500-5.500"
    Help "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.400-1 .8-1 1.700M12 16.500h.01"
    Question "M8 8.500a4 4 0 1 1 6.200 3.300c-1.400.9-2.200 1.600-2.200 3.200M12 19.500h.01"
    Bell "M6 16v-5a6 6 0 0 1 12 0v5l1.500 2h-15zM10 21h4"
    Never "M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17zM6 6l12 12"
    Grip "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01"
    Refuse "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 9l6 6M15 9l-6 6"
    Crop "M7 3v14h14M3 7h14v14"
    Rising "M12 20V5M5.500 11L12 4.500 18.500 11"
}

#[derive(Properties, PartialEq)]
pub struct GlyphProps {
    pub icon: Icon,
}

/// An icon. It never stands alone for a meaning: a word or a label is beside it.
#[component]
pub fn Glyph(props: &GlyphProps) -> Html {
    html! {
        <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d={props.icon.path()} /></svg>
    }
}
