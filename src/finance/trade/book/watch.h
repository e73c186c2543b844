/* watch.h - telling the listener when an operation has changed a symbol's best prices. Without a listener it
 * is one branch that is never taken. */
#ifndef BOOK_WATCH_H
#define BOOK_WATCH_H

#include "state.h"

typedef struct watch {
	uint16_t locate; /* 0: nothing to watch */
	ix_book_level before[2];
} watch;

static inline watch watch_start(const ix_books *books, uint16_t locate) {
	watch w;
	w.locate = 0;
	if (IX_LIKELY(!books->is_watched)) return w;
	w.locate = locate;
	memcpy(w.before, ix_book_bbo(books, locate), sizeof w.before);
	return w;
}

static inline void watch_end(const ix_books *books, const watch *w) {
	if (IX_LIKELY(w->locate == 0)) return;
	const ix_book_level *best = ix_book_bbo(books, w->locate);
	if (memcmp(w->before, best, sizeof w->before) != 0)
		books->listener.on_bbo(books->listener.context, w->locate, w->before, best);
}

#endif
