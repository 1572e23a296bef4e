import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { AuditService, Database, ItemsController, PagesController } from './items';

@Module({
  imports: [
    ConfigModule.forRoot({
      isGlobal: true,
      envFilePath: `.env.${process.env.NODE_ENV}`,
      validate: (env) => {
        if (env.PORT && Number.isNaN(Number(env.PORT))) throw new Error(`PORT is no number: ${env.PORT}`);
        return env;
      },
    }),
    EventEmitterModule.forRoot({ wildcard: true }),
  ],
  controllers: [ItemsController, PagesController],
  providers: [Database, AuditService],
})
export class AppModule {}
