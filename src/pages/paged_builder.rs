//! What the build emits a row of for each operation that has pages.

/// For a builder: how its pages follow each other, and the streams of them.
macro_rules! paged {
    (
        $builder:ident: $style:ident, $input:ident, $items:ident: $item:ident,
        [$($position:ident)?], $more:ident = $more_wire:literal
    ) => {
        impl $crate::pages::paged::Paged for $builder {
            type Item = $crate::types::$item;
            type Style = $crate::pages::style::$style;
            const MORE: &'static str = $more_wire;

            fn position(&self) -> Option<i64> {
                self.$input
            }

            fn at(self, position: i64) -> Self {
                Self { $input: Some(position), ..self }
            }

            fn fetch(self) -> $crate::pages::paged::PageFuture<Self> {
                Box::pin(self.send())
            }

            fn marks(
                page: &Self::Response,
            ) -> $crate::pages::style::PageMarks<<Self::Style as $crate::pages::style::PageStyle>::More> {
                $crate::pages::style::PageMarks {
                    position: None$(.or(page.$position))?,
                    more: page.$more,
                    items: page.$items.len(),
                }
            }

            fn into_items(page: Self::Response) -> Vec<Self::Item> {
                page.$items
            }
        }

        impl $builder {
            /// The elements of all pages as a stream, which requests the next page when it is polled and has none left. Nothing is
            /// sent before. See [`pages`](crate::pages) for order and errors.
            pub fn items(self) -> $crate::pages::item_stream::Items<Self> {
                $crate::pages::item_stream::Items::new(self)
            }

            /// The pages as a stream, which requests one when it is polled. Nothing is sent before. See
            /// [`pages`](crate::pages) for order and errors.
            pub fn pages(self) -> $crate::pages::page_stream::Pages<Self> {
                $crate::pages::page_stream::Pages::new(self)
            }
        }
    };
}
pub(crate) use paged;
